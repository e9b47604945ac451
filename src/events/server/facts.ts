/** The facts of an event enter, as a camera sent them; the event with its alarm is on disk when the answer leaves. */
import type { Selectable } from 'kysely';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import type { EventTable } from '../../ports/database/schema.ts';
import { ApiError } from '../../ports/errors.ts';
import type { EventFacts } from '../shared/schema.ts';

export type EventRow = Selectable<EventTable>;

/** Whom an alarm is for. */
export interface AlarmAccount {
  readonly id: string;
  readonly email: string;
  readonly locale: 'en' | 'fr';
}

/** Where alarms are queued; a part of the alerts feature. */
export interface AlarmQueue {
  /** Queues the alarm of an event inside the transaction that inserts it. */
  queueAlarm(trx: Database, event: EventRow, account: AlarmAccount): Promise<unknown>;
  /** Says that such a transaction is committed. */
  wake(): void;
}

export type Stored =
  | { readonly outcome: 'new' | 'same' | 'changed'; readonly row: EventRow }
  /** The person deleted it: nothing is stored, nothing is told. */
  | { readonly outcome: 'deleted' };

/**
 * Stores the facts once; event and alarm are in one transaction. The same facts again change nothing, but that
 * `endedAt` goes from null to a time.
 * @throws {ApiError} 403 `camera-revoked`, 409 `event-conflict` where an event of that id has another kind or beginning
 */
export async function storeFacts(
  { db, clock, alarms }: { db: Database; clock: Clock; alarms: AlarmQueue },
  camera: { readonly cameraId: string; readonly accountId: string },
  eventId: string,
  facts: EventFacts,
): Promise<Stored> {
  const account = await accountOf(db, camera.cameraId);
  if (!account) throw new ApiError(403, 'camera-revoked', 'The account removed this camera; set it up again to go on.');
  const fresh = toRow(camera.cameraId, account.id, eventId, facts, clock.now());
  const stored = await db.transaction().execute(async (trx): Promise<Stored> => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('event')
      .values(fresh)
      .onConflict((conflict) => conflict.columns(['cameraId', 'id']).doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) return merge(trx, fresh);
    if (await isToBeTold(trx, fresh)) await alarms.queueAlarm(trx, fresh, account);
    return { outcome: 'new', row: fresh };
  });
  if (stored.outcome === 'new') alarms.wake();
  return stored;
}

/** An intrusion is told once: what goes on from an event that was cut is not told again. */
async function isToBeTold(trx: Database, { kind, cameraId, continues }: EventRow): Promise<boolean> {
  if (kind !== 'intrusion') return false;
  if (continues === null) return true;
  const before = await eventOf(trx, cameraId, continues);
  return before === undefined;
}

async function merge(trx: Database, fresh: EventRow): Promise<Stored> {
  const known = await eventOf(trx, fresh.cameraId, fresh.id);
  if (!known || known.deletedAt !== null) return { outcome: 'deleted' };
  if (known.kind !== fresh.kind || known.startedAt !== fresh.startedAt)
    throw new ApiError(409, 'event-conflict', 'This camera has another event of that id.');
  if (known.endedAt !== null || fresh.endedAt === null) return { outcome: 'same', row: known };
  const { endedAt, score, reason, boxes } = fresh;
  const row = await trx
    .updateTable('event')
    .set({ endedAt, score, reason, boxes })
    .where('cameraId', '=', fresh.cameraId)
    .where('id', '=', fresh.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { outcome: 'changed', row };
}

/** An event of a camera, deleted ones included. */
export function eventOf(db: Database, cameraId: string, eventId: string): Promise<EventRow | undefined> {
  return db
    .selectFrom('event')
    .selectAll()
    .where('cameraId', '=', cameraId)
    .where('id', '=', eventId)
    .executeTakeFirst();
}

async function accountOf(db: Database, cameraId: string): Promise<AlarmAccount | null> {
  const row = await db
    .selectFrom('camera')
    .innerJoin('user', 'user.id', 'camera.accountId')
    .select(['user.id', 'user.email', 'user.locale'])
    .where('camera.id', '=', cameraId)
    .where('camera.revokedAt', 'is', null)
    .executeTakeFirst();
  return row ? { id: row.id, email: row.email, locale: row.locale === 'fr' ? 'fr' : 'en' } : null;
}

function toRow(cameraId: string, accountId: string, id: string, facts: EventFacts, now: number): EventRow {
  return {
    cameraId,
    id,
    accountId,
    kind: facts.kind,
    startedAt: facts.startedAt,
    endedAt: facts.endedAt,
    receivedAt: now,
    clockOffset: now - facts.sentAt,
    timeZone: facts.timeZone,
    score: facts.score,
    reason: JSON.stringify(facts.reason),
    boxes: JSON.stringify(facts.boxes),
    continues: facts.continues,
    photoBytes: null,
    photoSha256: null,
    clipType: null,
    clipParts: 0,
    clipLast: null,
    deletedAt: null,
    mediaRemovedAt: null,
  };
}
