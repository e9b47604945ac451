/** Deliveries on disk: what is due leaves, what became of it enters. Every change is committed when its promise resolves. */
import type { Selectable } from 'kysely';
import type { Database } from '../../ports/database/database.ts';
import type { DeliveryTable } from '../../ports/database/schema.ts';
import { isSecret } from './payload.ts';

export type DeliveryRow = Selectable<DeliveryTable>;

/** What the app shows of a try that did not work: a code for programs, the mail server's own words for people. */
export interface Trouble {
  readonly code: string;
  readonly text: string | null;
}

/** Longest answer of a mail server that is kept, characters. */
const TROUBLE_TEXT_MAX = 500;
/** States of a delivery that is on its way: the only ones that an outcome changes. */
const UNDER_WAY = ['sending', 'at-dot'];

function troubleColumns(trouble: Trouble | null): { errorCode: string | null; errorText: string | null } {
  return { errorCode: trouble?.code ?? null, errorText: trouble?.text?.slice(0, TROUBLE_TEXT_MAX) ?? null };
}

export interface DeliveryStore {
  /** Queued rows whose time has come, most urgent first, none of them to an address in `busy`. */
  due(now: number, limit: number, busy: readonly string[]): Promise<DeliveryRow[]>;
  /** When the next queued row after `now` falls due; null: none waits. */
  nextDueAt(now: number): Promise<number | null>;
  /** queued → sending. Null: another has it, or it is gone. */
  claim(id: string): Promise<DeliveryRow | null>;
  /** sending → at-dot: from here on nobody can know, until the server answers. False: withdrawn meanwhile. */
  commitAtDot(id: string): Promise<boolean>;
  /** → sent. */
  sent(row: DeliveryRow, at: number, channel: 'mail' | 'mailbox'): Promise<void>;
  /** → refused: nobody tries again. */
  refused(row: DeliveryRow, trouble: Trouble): Promise<void>;
  /** → unknown: it may have arrived, and nobody tries again. */
  unknown(row: DeliveryRow, trouble: Trouble): Promise<void>;
  /** → queued, for another try at `at`. */
  again(
    row: DeliveryRow,
    at: number,
    trouble: Trouble | null,
    change?: { readonly repeats?: number; readonly attempts?: number },
  ): Promise<void>;
  /** Notes for all that is due why it is not tried. */
  heldBack(now: number, trouble: Trouble): Promise<void>;
  /** Makes the alarms of an event, not yet tried, due now. */
  dueNow(cameraId: string, eventId: string, now: number): Promise<void>;
  /** The alarm with this id; null: there is none, or it is another kind. */
  alarm(id: string): Promise<DeliveryRow | null>;
  /** Rows that a process which ended left in the middle. */
  interrupted(): Promise<DeliveryRow[]>;
  /** Alarms whose photo arrived while nobody could be told so: due now. */
  releasePhotographed(now: number): Promise<void>;
  /** Erases what is over, older than `before`, and told about no event that is still kept: nobody needs these addresses. */
  forget(before: number): Promise<void>;
  /** How many wait, and what the last unlucky one among them heard. */
  waiting(): Promise<{ readonly count: number; readonly trouble: Trouble | null }>;
}

export function createDeliveryStore(db: Database): DeliveryStore {
  const settle = async (row: DeliveryRow, state: string, columns: Partial<DeliveryRow>): Promise<void> => {
    await db
      .updateTable('delivery')
      .set({ ...columns, state, ...(isSecret(row.kind) && { payload: '{}' }) })
      .where('id', '=', row.id)
      .where('state', 'in', UNDER_WAY)
      .execute();
  };

  return {
    due(now, limit, busy) {
      let query = db.selectFrom('delivery').selectAll().where('state', '=', 'queued').where('nextAttemptAt', '<=', now);
      if (busy.length > 0) query = query.where('recipient', 'not in', [...busy]);
      return query.orderBy('priority').orderBy('nextAttemptAt').orderBy('id').limit(limit).execute();
    },

    async nextDueAt(now) {
      const row = await db
        .selectFrom('delivery')
        .select('nextAttemptAt')
        .where('state', '=', 'queued')
        .where('nextAttemptAt', '>', now)
        .orderBy('nextAttemptAt')
        .limit(1)
        .executeTakeFirst();
      return row?.nextAttemptAt ?? null;
    },

    async claim(id) {
      const row = await db
        .updateTable('delivery')
        .set((eb) => ({ state: 'sending', attempts: eb('attempts', '+', 1) }))
        .where('id', '=', id)
        .where('state', '=', 'queued')
        .returningAll()
        .executeTakeFirst();
      return row ?? null;
    },

    async commitAtDot(id) {
      const row = await db
        .updateTable('delivery')
        .set({ state: 'at-dot' })
        .where('id', '=', id)
        .where('state', '=', 'sending')
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    sent: (row, at, channel) => settle(row, 'sent', { sentAt: at, channel, ...troubleColumns(null) }),
    refused: (row, trouble) => settle(row, 'refused', troubleColumns(trouble)),
    unknown: (row, trouble) => settle(row, 'unknown', troubleColumns(trouble)),

    async again(row, at, trouble, change = {}) {
      await db
        .updateTable('delivery')
        .set({ state: 'queued', nextAttemptAt: at, ...troubleColumns(trouble), ...change })
        .where('id', '=', row.id)
        .where('state', 'in', UNDER_WAY)
        .execute();
    },

    async heldBack(now, trouble) {
      await db
        .updateTable('delivery')
        .set(troubleColumns(trouble))
        .where('state', '=', 'queued')
        .where('nextAttemptAt', '<=', now)
        .where('errorCode', 'is', null)
        .execute();
    },

    async dueNow(cameraId, eventId, now) {
      await db
        .updateTable('delivery')
        .set({ nextAttemptAt: now })
        .where('cameraId', '=', cameraId)
        .where('eventId', '=', eventId)
        .where('state', '=', 'queued')
        .where('attempts', '=', 0)
        .where('nextAttemptAt', '>', now)
        .execute();
    },

    async alarm(id) {
      const row = await db
        .selectFrom('delivery')
        .selectAll()
        .where('id', '=', id)
        .where('kind', '=', 'alarm')
        .executeTakeFirst();
      return row ?? null;
    },

    interrupted: () => db.selectFrom('delivery').selectAll().where('state', 'in', UNDER_WAY).execute(),

    async releasePhotographed(now) {
      await db
        .updateTable('delivery')
        .set({ nextAttemptAt: now })
        .where('state', '=', 'queued')
        .where('attempts', '=', 0)
        .where('nextAttemptAt', '>', now)
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('event')
              .select('event.id')
              .whereRef('event.cameraId', '=', 'delivery.cameraId')
              .whereRef('event.id', '=', 'delivery.eventId')
              .where('event.photoBytes', 'is not', null),
          ),
        )
        .execute();
    },

    async forget(before) {
      await db
        .deleteFrom('delivery')
        .where('state', 'in', ['sent', 'refused', 'unknown'])
        .where('createdAt', '<', before)
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('event')
                .select('event.id')
                .whereRef('event.cameraId', '=', 'delivery.cameraId')
                .whereRef('event.id', '=', 'delivery.eventId'),
            ),
          ),
        )
        .execute();
    },

    async waiting() {
      const { count } = await db
        .selectFrom('delivery')
        .select((eb) => eb.fn.countAll<number | string>().as('count'))
        .where('state', 'in', ['queued', 'sending', 'at-dot'])
        .executeTakeFirstOrThrow();
      const last = await db
        .selectFrom('delivery')
        .select(['errorCode', 'errorText'])
        .where('state', '=', 'queued')
        .where('errorCode', 'is not', null)
        .orderBy('nextAttemptAt', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return { count: Number(count), trouble: last?.errorCode ? { code: last.errorCode, text: last.errorText } : null };
    },
  };
}
