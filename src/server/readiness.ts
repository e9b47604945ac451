/** The engines enter; whether work could be taken this moment leaves, for `GET /readyz`: not only read, but written. */
import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Database } from '../ports/database/database.ts';
import type { App } from './app-type.ts';

/** An engine that takes longer to answer is none to work with. */
const ANSWER_MILLIS = 2000;
/** Below this the next upload, or the next transaction, may fail. */
const FREE_BYTES_MIN = 16 * 1024 * 1024;

const Readiness = z.object({
  ready: z.boolean(),
  database: z.enum(['answers', 'does not answer']),
  disk: z.enum(['takes', 'takes nothing']),
});

/** @param freeBytesOf left out: the system's own */
export function readinessRoute(
  app: App,
  { db, dataDir, freeBytesOf = freeBytes }: { db: Database; dataDir: string; freeBytesOf?: typeof freeBytes },
): void {
  const schema = {
    tags: ['server'],
    description: 'Ready to take work: the database and the disk take what is written. 503: one of them does not.',
    response: { 200: Readiness, 503: Readiness },
  };
  app.get('/readyz', { schema }, async (_request, reply) => {
    const [database, disk] = await Promise.all([
      holds(canWrite(db)),
      holds(access(dataDir, constants.W_OK).then(async () => (await freeBytesOf(dataDir)) >= FREE_BYTES_MIN)),
    ]);
    return reply.code(database && disk ? 200 : 503).send({
      ready: database && disk,
      database: database ? 'answers' : 'does not answer',
      disk: disk ? 'takes' : 'takes nothing',
    });
  });
}

/** Takes the way of every write, and changes nothing: the disk is left alone. */
async function canWrite(db: Database): Promise<boolean> {
  await db.updateTable('setting').set({ value: '' }).where('key', '=', '').execute();
  return true;
}

/** Bytes that are left for this user on the disk of a folder. */
async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function holds(question: Promise<boolean>): Promise<boolean> {
  return Promise.race([question.catch(() => false), sleep(ANSWER_MILLIS, false, { ref: false })]);
}
