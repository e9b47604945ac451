/** The outbox while the clock moves on under it: whatever falls due in between is still sent. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ACCOUNT, type AlertsUnderTest, alertsUnderTest, turnedClock } from '../../../test/kit/alerts.ts';
import type { MailTransport, Outcome } from '../../mail/server/transport.ts';
import { createDeliveryStore, type DeliveryRow } from './delivery-store.ts';
import { createOutbox, type Outbox, type OutboxParts } from './outbox.ts';

let test: AlertsUnderTest;
let outbox: Outbox | null = null;
beforeEach(async () => {
  test = await alertsUnderTest();
});
afterEach(async () => {
  await outbox?.close();
  outbox = null;
  await test.close();
});

const AWAY: Outcome = { kind: 'later', scope: 'server', code: 'unreachable', said: null };

/** An outbox over the test's rows whose mail server is a list of what was sent. */
function outboxWith(change: Partial<OutboxParts>, answers: Outcome[] = []) {
  const clock = turnedClock();
  const sent: string[] = [];
  const errors: unknown[] = [];
  const transport: MailTransport = {
    channel: 'mail',
    async send({ id }, atDot) {
      const answer = answers.shift();
      if (answer !== undefined) return answer;
      if (!(await atDot())) return { kind: 'withdrawn' };
      sent.push(id);
      return { kind: 'sent', said: null };
    },
    warm: () => undefined,
  };
  outbox = createOutbox({
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
  return { outbox, clock, sent, errors, transport };
}

const queue = (notBefore: number) =>
  test.alerts.deliveries.queueDelivery(test.db, {
    accountId: ACCOUNT.id,
    recipient: ACCOUNT.email,
    locale: 'en',
    kind: 'test',
    payload: {},
    notBefore,
  });

it('a mail that falls due while the database looks for due ones is sent', async () => {
  const store = createDeliveryStore(test.db);
  let looked = false;
  const { outbox, clock, sent } = outboxWith({
    store: {
      ...store,
      async due(...asked) {
        const rows = await store.due(...asked);
        if (!looked) clock.turn(1);
        looked = true;
        return rows;
      },
    },
  });
  const id = await queue(clock.now() + 1);
  await outbox.start();
  await vi.waitFor(() => {
    clock.turn(10);
    expect(sent).toEqual([id]);
  });
});

it.each([0, 1, 2, 3, 4, 5, 6])(
  'a mail server is asked again where the timer runs %i ms early on a moving clock',
  async (early) => {
    const turned = turnedClock();
    let ticks = 0;
    const { outbox, sent } = outboxWith(
      {
        clock: {
          now: () => {
            ticks += 1;
            return turned.now() + ticks;
          },
        },
        timers: { after: (millis, run) => turned.after(Math.max(0, millis - early), run) },
      },
      [AWAY],
    );
    const id = await queue(turned.now());
    await outbox.start();
    await vi.waitFor(() => {
      turned.turn(5_000);
      expect(sent).toEqual([id]);
    });
  },
);

it('a photo that comes when its alarm is due already has the outbox look', async () => {
  const { outbox, clock, sent } = outboxWith({});
  await outbox.start();
  await outbox.idle();
  const eventId = await test.intrusion();
  clock.turn(3_600_000);
  await outbox.photoArrived((await test.db.selectFrom('camera').select('id').executeTakeFirstOrThrow()).id, eventId);
  await vi.waitFor(() => expect(sent).toHaveLength(1));
});
