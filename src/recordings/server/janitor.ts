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
  /** Ends the round under way after the event that it is at; the next start goes on there. */
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
  let stopped = false;
  const isStopped = () => stopped;
  const repeat = async (step: () => Promise<number>): Promise<number> => {
    let total = 0;
    for (;;) {
      const done = await step();
      total += done;
      if (done < EVENTS_AT_ONCE || stopped) return total;
    }
  };

  const run = async () => {
    const expired = await repeat(() => expire(services));
    const removed = await removeAllMedia(services, isStopped);
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
      stopped = true;
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

/**
 * Every event whose time has come, the longest deleted first; one whose folder cannot be removed now is told of, and
 * holds up no other.
 */
async function removeAllMedia(services: JanitorServices, isStopped: () => boolean): Promise<number> {
  const { db, clock, onError } = services;
  const before = clock.now() - UNDO_MILLIS - GRACE_MILLIS;
  let removed = 0;
  let after: GoneEvent | null = null;
  for (;;) {
    const gone: GoneEvent[] = await nextGone(db, before, after);
    for (const event of gone) {
      if (isStopped()) return removed;
      try {
        await removeMedia(services, event);
        removed += 1;
      } catch (error) {
        onError?.(error);
      }
    }
    after = gone.at(-1) ?? null;
    if (gone.length < EVENTS_AT_ONCE) return removed;
  }
}
interface GoneEvent {
  readonly accountId: string;
  readonly cameraId: string;
  readonly id: string;
  readonly deletedAt: number;
}

async function nextGone(db: Database, before: number, after: GoneEvent | null): Promise<GoneEvent[]> {
  const rows = await db
    .selectFrom('event')
    .select(['accountId', 'cameraId', 'id', 'deletedAt'])
    .where('deletedAt', '<', before)
    .where('mediaRemovedAt', 'is', null)
    .$if(after !== null, (query) =>
      query.where((eb) =>
        eb(
          eb.refTuple('deletedAt', 'cameraId', 'id'),
          '>',
          eb.tuple(after?.deletedAt ?? 0, after?.cameraId ?? '', after?.id ?? ''),
        ),
      ),
    )
    .orderBy('deletedAt')
    .orderBy('cameraId')
    .orderBy('id')
    .limit(EVENTS_AT_ONCE)
    .$narrowType<{ deletedAt: number }>()
    .execute();
  return rows;
}

/** Files first, then the row that says so: a crash in between repeats the removal, which changes nothing. */
async function removeMedia(
  { db, media, clock }: JanitorServices,
  { accountId, cameraId, id }: GoneEvent,
): Promise<void> {
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
