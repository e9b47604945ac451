/** Time enters; what a person deleted, or is older than its retention, leaves the disk for good. */
import { UNDO_MILLIS } from '../../events/server/deletion.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import type { MediaStore } from './media-store.ts';

export interface JanitorServices {
  readonly db: Database;
  readonly media: MediaStore;
  readonly clock: Clock;
  /** Events live this long after they arrived, days. */
  readonly retentionDays: number;
  /** Told of a round that failed; the next one tries again. */
  readonly onError?: (error: unknown) => void;
}

export interface Janitor {
  /** One round. Killed in its middle, the next one finishes. Returns what it did, in events. */
  run(): Promise<{ readonly expired: number; readonly removed: number; readonly forgotten: number }>;
  /** A round now and every few minutes. */
  start(): void;
  /** Lets the round under way end. */
  stop(): Promise<void>;
}

const DAY_MILLIS = 24 * 60 * 60 * 1000;
const ROUND_MILLIS = 5 * 60 * 1000;
/** After the last moment of an undo: uploads that had begun are through by then. */
const GRACE_MILLIS = 5 * 60 * 1000;
/** A tombstone keeps late uploads away this long, ms: a camera may have been without network. */
const TOMBSTONE_MILLIS = 90 * DAY_MILLIS;
const EVENTS_AT_ONCE = 200;

/** Makes the janitor of one server; `start` it. */
export function createJanitor(services: JanitorServices): Janitor {
  const { db, media, clock } = services;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<unknown> = Promise.resolve();

  const run = async () => {
    const expired = await repeat(() => expire(services));
    const removed = await repeat(() => removeMedia(services));
    const forgotten = await repeat(() => forget(db, clock.now() - TOMBSTONE_MILLIS));
    await media.sweepIncoming(Date.now() - DAY_MILLIS);
    return { expired, removed, forgotten };
  };
  const runLogged = () => {
    round = round.then(run).catch((error: unknown) => services.onError?.(error));
  };
  return {
    run,
    start() {
      runLogged();
      timer = setInterval(runLogged, ROUND_MILLIS).unref();
    },
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}

/** Marks as deleted, past undoing, what is older than its retention; mails kept in the app go as they are. */
async function expire({ db, clock, retentionDays }: JanitorServices): Promise<number> {
  const now = clock.now();
  const before = now - retentionDays * DAY_MILLIS;
  await db.deleteFrom('mailbox').where('receivedAt', '<', before).execute();
  const old = await db
    .selectFrom('event')
    .select(['cameraId', 'id'])
    .where('deletedAt', 'is', null)
    .where('receivedAt', '<', before)
    .orderBy('receivedAt')
    .limit(EVENTS_AT_ONCE)
    .execute();
  await db.transaction().execute(async (trx) => {
    for (const { cameraId, id } of old) {
      const deletedAt = now - UNDO_MILLIS - GRACE_MILLIS - 1;
      await trx
        .updateTable('event')
        .set({ deletedAt })
        .where('cameraId', '=', cameraId)
        .where('id', '=', id)
        .where('deletedAt', 'is', null)
        .execute();
    }
  });
  return old.length;
}

/** Files first, then the row that says so: a crash in between repeats the removal, which changes nothing. */
async function removeMedia({ db, media, clock }: JanitorServices): Promise<number> {
  const gone = await db
    .selectFrom('event')
    .select(['accountId', 'cameraId', 'id'])
    .where('deletedAt', '<', clock.now() - UNDO_MILLIS - GRACE_MILLIS)
    .where('mediaRemovedAt', 'is', null)
    .orderBy('deletedAt')
    .limit(EVENTS_AT_ONCE)
    .execute();
  for (const { accountId, cameraId, id } of gone) {
    await media.removeEvent({ accountId, cameraId, eventId: id });
    await db.transaction().execute(async (trx) => {
      await removeMails(trx, cameraId, id);
      await trx.deleteFrom('clipPart').where('cameraId', '=', cameraId).where('eventId', '=', id).execute();
      await trx
        .updateTable('event')
        .set({
          mediaRemovedAt: clock.now(),
          photoBytes: null,
          photoSha256: null,
          clipType: null,
          clipParts: 0,
          clipLast: null,
          reason: '{"code":"deleted","values":{}}',
          boxes: '[]',
        })
        .where('cameraId', '=', cameraId)
        .where('id', '=', id)
        .execute();
    });
  }
  return gone.length;
}

/** Mails in the app about an event go with it: they bear the ids of its deliveries. */
async function removeMails(trx: Database, cameraId: string, eventId: string): Promise<void> {
  await trx
    .deleteFrom('mailbox')
    .where('id', 'in', (eb) =>
      eb.selectFrom('delivery').select('delivery.id').where('cameraId', '=', cameraId).where('eventId', '=', eventId),
    )
    .execute();
}

/** Drops old tombstones, and what was said of their messages. */
async function forget(db: Database, before: number): Promise<number> {
  const old = await db
    .selectFrom('event')
    .select(['cameraId', 'id'])
    .where('deletedAt', 'is not', null)
    .where('deletedAt', '<', before)
    .where('mediaRemovedAt', 'is not', null)
    .limit(EVENTS_AT_ONCE)
    .execute();
  await db.transaction().execute(async (trx) => {
    for (const { cameraId, id } of old) {
      await removeMails(trx, cameraId, id);
      await trx.deleteFrom('delivery').where('cameraId', '=', cameraId).where('eventId', '=', id).execute();
      await trx.deleteFrom('event').where('cameraId', '=', cameraId).where('id', '=', id).execute();
    }
  });
  return old.length;
}

async function repeat(step: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const done = await step();
    total += done;
    if (done < EVENTS_AT_ONCE) return total;
  }
}
