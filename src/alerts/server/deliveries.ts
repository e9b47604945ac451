/** What has to be told to somebody enters, inside the caller's transaction; a queued delivery leaves. */
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import type { EventTable } from '../../ports/database/schema.ts';
import type { DeliveryContent } from './payload.ts';

/** How long an alarm waits for its photo before it goes without, milliseconds after the event arrived. */
export const PHOTO_WAIT_MILLIS = 10_000;

/** The person to tell. */
export interface Addressee {
  /** Null: an address without account. */
  readonly accountId: string | null;
  /** Mail address, as the person typed it. */
  readonly recipient: string;
  readonly locale: 'en' | 'fr';
}

export type DeliveryOrder = Addressee &
  DeliveryContent & {
    readonly cameraId?: string;
    readonly eventId?: string;
    /** Not sent before, milliseconds since 1970; left out: at once. */
    readonly notBefore?: number;
  };

export type AlarmEvent = Pick<EventTable, 'id' | 'cameraId' | 'startedAt' | 'timeZone'>;

export interface Deliveries {
  /** Queues one message; call {@link wake} once the transaction is committed. Returns the delivery's id (UUIDv7). */
  queueDelivery(trx: Database, order: DeliveryOrder): Promise<string>;
  /** Queues the alarm of an event that was just inserted in `trx`. It waits up to ten seconds for the photo. */
  queueAlarm(
    trx: Database,
    event: AlarmEvent,
    account: { id: string; email: string; locale: 'en' | 'fr' },
  ): Promise<string>;
  /** Says that a transaction with new deliveries is committed. */
  wake(): void;
}

/**
 * @param messageIdDomain right side of Message-IDs (RFC 5322 § 3.6.4), asked at each delivery
 * @param wake tells the outbox to look
 */
export function createDeliveries(parts: {
  readonly clock: Clock;
  readonly messageIdDomain: () => string;
  readonly channel: () => 'mail' | 'mailbox';
  readonly wake: () => void;
}): Deliveries {
  const queueDelivery = async (trx: Database, order: DeliveryOrder): Promise<string> => {
    const now = parts.clock.now();
    const id = uuidv7();
    await trx
      .insertInto('delivery')
      .values({
        id,
        accountId: order.accountId,
        cameraId: order.cameraId ?? null,
        eventId: order.eventId ?? null,
        kind: order.kind,
        channel: parts.channel(),
        recipient: order.recipient,
        locale: order.locale,
        payload: JSON.stringify(order.payload),
        state: 'queued',
        priority: order.kind === 'alarm' || order.kind === 'code' ? 0 : 5,
        nextAttemptAt: order.notBefore ?? now,
        messageId: `<${id}@${parts.messageIdDomain()}>`,
        errorCode: null,
        errorText: null,
        createdAt: now,
        sentAt: null,
      })
      .execute();
    return id;
  };

  return {
    queueDelivery,
    async queueAlarm(trx, event, account) {
      const camera = await trx
        .selectFrom('camera')
        .select('name')
        .where('id', '=', event.cameraId)
        .executeTakeFirstOrThrow();
      return queueDelivery(trx, {
        accountId: account.id,
        recipient: account.email,
        locale: account.locale,
        kind: 'alarm',
        payload: { cameraName: camera.name, startedAt: event.startedAt, timeZone: event.timeZone },
        cameraId: event.cameraId,
        eventId: event.id,
        notBefore: parts.clock.now() + PHOTO_WAIT_MILLIS,
      });
    },
    wake: parts.wake,
  };
}
