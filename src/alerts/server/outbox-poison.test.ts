/** A message that no mail server survives enters among others; the others leave. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AlertsUnderTest, alertsUnderTest } from '../../../test/kit/alerts.ts';
import { AWAY, BROKE_OFF, type OutboxUnderTest, outboxOver, queueMail } from '../../../test/kit/outbox.ts';
import type { Parcel } from '../../mail/server/transport.ts';

let test: AlertsUnderTest;
let rig: OutboxUnderTest | null = null;
beforeEach(async () => {
  test = await alertsUnderTest();
});
afterEach(async () => {
  await rig?.outbox.close();
  rig = null;
  await test.close();
});

const MINUTE = 60_000;

/** Lets minutes pass, each until nothing more can be done in it. */
async function passMinutes({ clock, outbox }: OutboxUnderTest, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    clock.turn(MINUTE);
    await outbox.idle();
  }
}

describe('where the mail server ends the connection over one message', () => {
  it('the others of its account go all the same', async () => {
    const poison = await queueMail(test, { code: true });
    const others = [await queueMail(test, { code: true }), await queueMail(test, { code: true })];
    let away = true;
    rig = outboxOver(test, ({ id }) => (away ? AWAY : id === poison ? BROKE_OFF : null));
    await rig.outbox.start();
    await passMinutes(rig, 5);
    away = false;
    await passMinutes(rig, 60);
    expect(rig.sent).toEqual(expect.arrayContaining(others));
  });

  it('so do those of other accounts, the less urgent too', async () => {
    const to = ({ envelope }: Parcel) => envelope.to;
    for (let n = 0; n < 3; n += 1) await queueMail(test, { code: true, recipient: 'poison@example.org' });
    const other = await queueMail(test, { recipient: 'other@example.org' });
    rig = outboxOver(test, (parcel) => (to(parcel) === 'poison@example.org' ? BROKE_OFF : null));
    await rig.outbox.start();
    await passMinutes(rig, 5);
    expect(rig.sent).toEqual([other]);
  });

  it('once it is back, all that waits is sent, each once', async () => {
    let away = true;
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1) ids.push(await queueMail(test, { code: true, recipient: `r${n}@example.org` }));
    rig = outboxOver(test, () => (away ? AWAY : null));
    await rig.outbox.start();
    await passMinutes(rig, 60);
    away = false;
    rig.outbox.wake();
    const { clock, sent } = rig;
    await vi.waitFor(() => {
      clock.turn(1_000);
      expect([...sent].sort()).toEqual([...ids].sort());
    });
  });
});

it('a mailer that cannot be made ready is no reason to fail who queued a mail', async () => {
  rig = outboxOver(test, () => null, {
    warm() {
      throw new Error('spawn ENOMEM');
    },
  });
  await rig.outbox.start();
  const id = await queueMail(test);
  const { outbox, sent, errors } = rig;
  expect(() => outbox.wake()).not.toThrow();
  expect(() => outbox.warmUp()).not.toThrow();
  await vi.waitFor(() => expect(sent).toEqual([id]));
  expect(errors).toHaveLength(2);
});
