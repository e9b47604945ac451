/** kill -9 between an event's acknowledgement and its mail: after the restart the mail is there, once. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../src/ports/database/database.ts';
import { migrate } from '../../src/ports/database/migrate.ts';
import { ACCOUNT, seed } from '../kit/alerts.ts';
import { type MailServer, startMailServer } from '../kit/smtp.ts';

const PROCESS = fileURLToPath(new URL('./mail-process.ts', import.meta.url));

let folder: string;
let server: MailServer;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-mail-kill-'));
  server = await startMailServer();
  await withDatabase(async (opened) => {
    await migrate(opened.db);
    await seed(opened);
  });
});

afterEach(async () => {
  for (const child of children) await kill(child);
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function withDatabase<T>(use: (opened: OpenDatabase) => Promise<T>): Promise<T> {
  const opened = await openDatabase(join(folder, 'vigie.db'));
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

/** Starts a sender; `acknowledged` grows with each event that is on disk. */
function startSender(count: number): { child: ChildProcess; acknowledged: string[] } {
  const child = fork(PROCESS, [join(folder, 'vigie.db'), server.url, String(count)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.add(child);
  const acknowledged: string[] = [];
  child.on('message', (eventId) => acknowledged.push(String(eventId)));
  return { child, acknowledged };
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Restarts and waits until every delivery is over. Returns the rows. */
async function restartAndFinish() {
  const { child } = startSender(0);
  const rows = await withDatabase(async ({ db }) => {
    const all = () => db.selectFrom('delivery').selectAll().execute();
    await expect
      .poll(async () => (await all()).filter(({ state }) => state !== 'sent').length, { timeout: 100_000 })
      .toBe(0);
    return all();
  });
  await kill(child);
  return rows;
}

const idsOf = (eventless: readonly { parsed: { messageId?: string | undefined } }[]) =>
  eventless.map(({ parsed }) => parsed.messageId);

describe('kill -9 of the server', () => {
  it('as soon as the event is acknowledged: its mail arrives after the restart, once', async () => {
    const release = server.hold(ACCOUNT.email);
    const { child, acknowledged } = startSender(1);
    await once(child, 'message');
    await kill(child);
    release();
    expect(server.mails).toHaveLength(0);
    const rows = await restartAndFinish();
    expect(rows.map(({ eventId }) => eventId)).toEqual(acknowledged);
    expect(idsOf(server.mails)).toEqual(rows.map(({ messageId }) => messageId));
    expect(server.mails[0]?.parsed.attachments).toHaveLength(2);
  });

  it('at the final dot: the mail arrives once more, with the same Message-ID', async () => {
    // The server has the whole message, and its answer finds nobody any more.
    const answer = server.holdAnswer();
    const { child } = startSender(1);
    await server.received(1);
    await kill(child);
    answer();
    const rows = await restartAndFinish();
    expect(rows).toEqual([expect.objectContaining({ repeats: 1 })]);
    expect(idsOf(server.mails)).toEqual([rows[0]?.messageId, rows[0]?.messageId]);
  });

  it('at any moment: what was acknowledged arrives, and twice only where the dot was under way', async () => {
    const acknowledgedInAll: string[] = [];
    // At moments of its own work: so many acknowledged, or so many mails out.
    const moments = [
      { of: 'event', count: 1 },
      { of: 'mail', count: 1 },
      { of: 'event', count: 10 },
      { of: 'mail', count: 6 },
    ] as const;
    for (const { of, count } of moments) {
      const mailsBefore = server.mails.length;
      const { child, acknowledged } = startSender(15);
      if (of === 'mail') await server.received(mailsBefore + count);
      else while (acknowledged.length < count) await once(child, 'message');
      await kill(child);
      acknowledgedInAll.push(...acknowledged);
    }
    const rows = await restartAndFinish();
    const byMessageId = Map.groupBy(server.mails, ({ parsed }) => parsed.messageId);
    expect(acknowledgedInAll.length).toBeGreaterThanOrEqual(11);
    for (const eventId of acknowledgedInAll) expect(rows.map((row) => row.eventId)).toContain(eventId);
    for (const { messageId, repeats } of rows) {
      const copies = byMessageId.get(messageId)?.length ?? 0;
      expect(copies).toBeGreaterThanOrEqual(1);
      expect(copies).toBeLessThanOrEqual(1 + repeats);
    }
    expect(byMessageId.size).toBe(rows.length);
  });
});
