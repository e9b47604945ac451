/** Rows enter; an outbox of their own leaves, over a mail server that is a list of what was sent, and a clock that a test turns. */

import { createDeliveryStore, type DeliveryRow } from '../../src/alerts/server/delivery-store.ts';
import { createOutbox, type Outbox, type OutboxParts } from '../../src/alerts/server/outbox.ts';
import type { MailTransport, Outcome, Parcel } from '../../src/mail/server/transport.ts';
import { ACCOUNT, type AlertsUnderTest, type TurnedClock, turnedClock } from './alerts.ts';

export const BROKE_OFF: Outcome = { kind: 'later', scope: 'session', code: 'unreachable', said: '421 closing' };
export const AWAY: Outcome = { kind: 'later', scope: 'server', code: 'unreachable', said: null };

export interface OutboxUnderTest {
  readonly outbox: Outbox;
  readonly clock: TurnedClock;
  /** Ids of the deliveries that arrived. */
  readonly sent: readonly string[];
  readonly errors: readonly unknown[];
}

/** @param answer what the server says to a parcel; null: it takes it */
export function outboxOver(
  test: AlertsUnderTest,
  answer: (parcel: Parcel) => Outcome | null,
  change: Partial<OutboxParts & { readonly warm: () => void }> = {},
): OutboxUnderTest {
  const clock = turnedClock();
  const sent: string[] = [];
  const errors: unknown[] = [];
  const transport: MailTransport = {
    channel: 'mail',
    async send(parcel, atDot) {
      const said = answer(parcel);
      if (said !== null) return said;
      if (!(await atDot())) return { kind: 'withdrawn' };
      sent.push(parcel.id);
      return { kind: 'sent', said: null };
    },
    warm: change.warm ?? (() => undefined),
  };
  const outbox = createOutbox({
    store: createDeliveryStore(test.db),
    clock,
    timers: clock,
    transport: () => transport,
    compose: async (row: DeliveryRow) => ({
      id: row.id,
      accountId: row.accountId,
      envelope: { from: 'vigie@example.org', to: row.recipient },
      source: Buffer.alloc(0),
      subject: '',
      page: { text: '', link: null, photoUrl: null },
      secret: false,
    }),
    onError: (error) => errors.push(error),
    random: () => 1,
    ...change,
  });
  return { outbox, clock, sent, errors };
}

/** Queues a mail past the outbox of `test`. Returns its id. */
export function queueMail(
  test: AlertsUnderTest,
  change: { readonly notBefore?: number; readonly recipient?: string; readonly code?: boolean } = {},
): Promise<string> {
  const { code, ...rest } = { recipient: ACCOUNT.email, ...change };
  const to = { accountId: ACCOUNT.id, locale: 'en', ...rest } as const;
  return test.alerts.deliveries.queueDelivery(
    test.db,
    code
      ? { ...to, kind: 'code', payload: { code: '123456', expiresAt: 8e15 } }
      : { ...to, kind: 'known', payload: {} },
  );
}
