/** An account and a place enter; its events from there on leave, newest first, each with how far its messages have come. */
import { type Selectable, sql } from 'kysely';
import type { Database } from '../../ports/database/database.ts';
import type { DeliveryTable, EventTable } from '../../ports/database/schema.ts';
import { type Timeline, TimelineEvent } from '../shared/schema.ts';
import { cursorOf, type TimelinePlace } from './cursor.ts';

export interface TimelineQuery {
  /** One camera's only. */
  readonly cameraId?: string | undefined;
  /** Events before this place only. */
  readonly before?: TimelinePlace | undefined;
  /** Events of a page, ≥ 1. */
  readonly limit: number;
}

type ShownRow = Selectable<EventTable> & { readonly cameraName: string };
type DeliveryRow = Selectable<
  Pick<DeliveryTable, 'cameraId' | 'eventId' | 'channel' | 'recipient' | 'state' | 'sentAt' | 'errorText'>
>;

/** A page of an account's timeline; deleted events are not in it. */
export async function timelineOf(
  db: Database,
  accountId: string,
  { cameraId, before, limit }: TimelineQuery,
): Promise<Timeline> {
  let query = shown(db, accountId);
  if (cameraId !== undefined) query = query.where('event.cameraId', '=', cameraId);
  if (before) {
    const place = sql`(${before.startedAt}, ${before.id}, ${before.cameraId})`;
    query = query.where(sql<boolean>`("event"."startedAt", "event"."id", "event"."cameraId") < ${place}`);
  }
  const rows = await query
    .orderBy('event.startedAt', 'desc')
    .orderBy('event.id', 'desc')
    .orderBy('event.cameraId', 'desc')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    events: await withDeliveries(db, accountId, page),
    next: rows.length > limit && last ? cursorOf(last) : null,
  };
}

/** One event of an account; undefined where the account has no such event, or deleted it. */
export async function timelineEventOf(
  db: Database,
  accountId: string,
  cameraId: string,
  eventId: string,
): Promise<TimelineEvent | undefined> {
  const rows = await shown(db, accountId)
    .where('event.cameraId', '=', cameraId)
    .where('event.id', '=', eventId)
    .execute();
  return (await withDeliveries(db, accountId, rows))[0];
}

function shown(db: Database, accountId: string) {
  return db
    .selectFrom('event')
    .innerJoin('camera', 'camera.id', 'event.cameraId')
    .selectAll('event')
    .select('camera.name as cameraName')
    .where('event.accountId', '=', accountId)
    .where('event.deletedAt', 'is', null);
}

async function withDeliveries(db: Database, accountId: string, rows: readonly ShownRow[]): Promise<TimelineEvent[]> {
  if (rows.length === 0) return [];
  const deliveries = await db
    .selectFrom('delivery')
    .select(['cameraId', 'eventId', 'channel', 'recipient', 'state', 'sentAt', 'errorText'])
    .where('accountId', '=', accountId)
    .where('cameraId', 'in', [...new Set(rows.map((row) => row.cameraId))])
    .where(
      'eventId',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return rows.map((row) =>
    toTimelineEvent(
      row,
      deliveries.filter(({ cameraId, eventId }) => cameraId === row.cameraId && eventId === row.id),
    ),
  );
}

function toTimelineEvent(row: ShownRow, deliveries: readonly DeliveryRow[]): TimelineEvent {
  const {
    id,
    cameraId,
    cameraName,
    kind,
    startedAt,
    endedAt,
    receivedAt,
    timeZone,
    score,
    continues,
    clipType,
    clipParts,
    clipLast,
  } = row;
  return TimelineEvent.parse({
    id,
    cameraId,
    cameraName,
    kind,
    startedAt,
    endedAt,
    receivedAt,
    timeZone,
    score,
    reason: JSON.parse(row.reason),
    boxes: JSON.parse(row.boxes),
    continues,
    hasPhoto: row.photoSha256 !== null,
    clipParts,
    clipType,
    clipComplete: clipLast !== null && clipParts > clipLast,
    deliveries: deliveries.map(({ channel, recipient, state, sentAt, errorText }) => ({
      channel,
      recipient,
      state,
      sentAt,
      error: errorText,
    })),
  });
}
