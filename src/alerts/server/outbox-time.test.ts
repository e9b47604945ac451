/** The outbox while the clock moves on under it: whatever falls due in between is still sent. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type AlertsUnderTest, alertsUnderTest, CAMERA, turnedClock } from '../../../test/kit/alerts.ts';
import { AWAY, outboxOver, queueMail } from '../../../test/kit/outbox.ts';
import { createDeliveryStore } from './delivery-store.ts';
import type { Outbox } from './outbox.ts';

let test: AlertsUnderTest;
const open: Outbox[] = [];
beforeEach(async () => {
  test = await alertsUnderTest();
});
afterEach(async () => {
  for (const outbox of open.splice(0)) await outbox.close();
  await test.close();
});

it('a mail that falls due while the database looks for due ones is sent', async () => {
  const store = createDeliveryStore(test.db);
  let looked = false;
  const { outbox, clock, sent } = outboxOver(test, () => null, {
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
  const id = await queueMail(test, { notBefore: clock.now() + 1 });
  open.push(outbox);
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
    const answers = [AWAY];
    const { outbox, sent } = outboxOver(test, () => answers.pop() ?? null, {
      clock: {
        now: () => {
          ticks += 1;
          return turned.now() + ticks;
        },
      },
      timers: { after: (millis, run) => turned.after(Math.max(0, millis - early), run) },
    });
    const id = await queueMail(test, { notBefore: turned.now() });
    open.push(outbox);
    await outbox.start();
    await vi.waitFor(() => {
      turned.turn(5_000);
      expect(sent).toEqual([id]);
    });
  },
);

it('a photo that comes when its alarm is due already has the outbox look', async () => {
  const { outbox, clock, sent } = outboxOver(test, () => null);
  open.push(outbox);
  await outbox.start();
  await outbox.idle();
  const eventId = await test.intrusion();
  clock.turn(3_600_000);
  await outbox.photoArrived(CAMERA.id, eventId);
  await vi.waitFor(() => expect(sent).toHaveLength(1));
});
