/** The outbox against a real SMTP server: rows enter, mails are received, whatever the server does. */
import { generateKeyPairSync } from 'node:crypto';
import { encode } from 'jpeg-js';
import { afterEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type AlertsUnderTest, alertsUnderTest, CAMERA, CAPTURED_AT } from '../../../test/kit/alerts.ts';
import { type MailServer, startMailServer } from '../../../test/kit/smtp.ts';
import type { DeliveryRow } from './delivery-store.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
/** For a busy machine: what is waited for comes by itself. */
const PATIENCE = { timeout: 15_000 };
const PHOTO = encode({ width: 64, height: 48, data: Buffer.alloc(64 * 48 * 4, 200) }, 90).data;

const open: Array<{ close(): Promise<void> }> = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(): Promise<{ server: MailServer; test: AlertsUnderTest }> {
  const server = await startMailServer();
  open.push(server);
  const test = await alertsUnderTest({ SMTP_URL: server.url, PUBLIC_URL: 'https://vigie.example.org' });
  open.push(test);
  return { server, test };
}

async function rows(test: AlertsUnderTest): Promise<DeliveryRow[]> {
  return test.db.selectFrom('delivery').selectAll().orderBy('createdAt').orderBy('id').execute();
}

/** An intrusion whose photo is there: due now. */
async function alarm(test: AlertsUnderTest, email: string = ACCOUNT.email): Promise<void> {
  await test.photo(await test.intrusion({ email }), PHOTO);
}

/** Lets a time pass in steps, each until nothing more can be done in it. */
async function pass(test: AlertsUnderTest, millis: number, step: number): Promise<void> {
  for (let left = millis; left > 0; left -= step) {
    test.clock.turn(Math.min(step, left));
    await test.alerts.outbox.idle();
  }
}

describe('an alarm', () => {
  it('goes out as soon as the photo is there', async () => {
    const { server, test } = await start();
    await alarm(test);
    const [mail] = await server.received(1);
    expect(mail?.to).toEqual([ACCOUNT.email]);
    expect(mail?.parsed.subject).toBe('Movement detected: Living room, 14:31');
    await test.alerts.outbox.idle();
    const [row] = await rows(test);
    expect(row).toMatchObject({
      state: 'sent',
      sentAt: CAPTURED_AT,
      channel: 'mail',
      attempts: 1,
      repeats: 0,
      errorCode: null,
    });
    expect(mail?.parsed.messageId).toBe(row?.messageId);
    expect(test.errors).toEqual([]);
  });

  it('waits ten seconds for its photo, then goes without and says so', async () => {
    const { server, test } = await start();
    await test.intrusion();
    await pass(test, 9 * SECOND, SECOND);
    expect(server.mails).toHaveLength(0);
    test.clock.turn(SECOND);
    const [mail] = await server.received(1);
    expect(mail?.parsed.attachments).toHaveLength(0);
    expect(mail?.parsed.text).toContain('The photo has not reached the server yet');
  });

  it('whose photo cannot be read goes without it and says so', async () => {
    const { server, test } = await start();
    const event = await test.intrusion();
    test.photos.get = () => {
      throw new Error('no such file');
    };
    await test.alerts.outbox.photoArrived(CAMERA.id, event);
    const [mail] = await server.received(1);
    expect(mail?.parsed.attachments).toHaveLength(0);
    expect(mail?.parsed.text).toContain('The photo has not reached the server yet');
    expect(test.errors).toEqual([new Error('no such file')]);
  });

  it('is told to the page of its event: not yet sent, then sent', async () => {
    const { server, test } = await start();
    await server.down();
    const event = await test.intrusion();
    await test.photo(event, PHOTO);
    await test.alerts.outbox.idle();
    expect(test.told).toEqual([event]);
    await server.up();
    await pass(test, 10 * SECOND, SECOND);
    await server.received(1);
    await test.alerts.outbox.idle();
    expect(test.told.length).toBeGreaterThan(1);
    expect((await rows(test))[0]?.state).toBe('sent');
  });

  it('is not sent where the transaction that queued it was rolled back', async () => {
    const { server, test } = await start();
    await expect(
      test.db.transaction().execute(async (trx) => {
        await test.alerts.deliveries.queueDelivery(trx, {
          accountId: ACCOUNT.id,
          recipient: ACCOUNT.email,
          locale: 'en',
          kind: 'test',
          payload: {},
        });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    test.alerts.deliveries.wake();
    await test.alerts.outbox.idle();
    expect(server.mails).toHaveLength(0);
  });

  it('overtakes what is less urgent', async () => {
    const { server, test } = await start();
    await server.down();
    for (let n = 0; n < 6; n += 1)
      await test.alerts.deliveries.queueDelivery(test.db, {
        accountId: ACCOUNT.id,
        recipient: `test${n}@example.org`,
        locale: 'en',
        kind: 'test',
        payload: {},
      });
    test.alerts.deliveries.wake();
    await alarm(test);
    await test.alerts.outbox.idle();
    await server.up();
    await pass(test, 10 * SECOND, SECOND);
    expect((await server.received(7))[0]?.parsed.subject).toContain('Movement detected');
  });
});

describe('a mail server that is away', () => {
  it('gets every alarm once, hours later', async () => {
    const { server, test } = await start();
    await server.down();
    for (let n = 0; n < 5; n += 1) {
      await alarm(test);
      await pass(test, HOUR, 10 * 60 * SECOND);
    }
    expect(await rows(test)).toEqual(
      Array(5).fill(
        expect.objectContaining({
          state: 'queued',
          errorCode: 'unreachable',
          errorText: expect.stringContaining('ECONNREFUSED'),
        }),
      ),
    );
    await server.up();
    await pass(test, 600 * SECOND, 600 * SECOND);
    await server.received(5);
    await test.alerts.outbox.idle();
    expect(server.mails.map(({ parsed }) => parsed.messageId).sort()).toEqual(
      (await rows(test)).map(({ messageId }) => messageId).sort(),
    );
    expect(await rows(test)).toEqual(Array(5).fill(expect.objectContaining({ state: 'sent', errorCode: null })));
  });

  it('is asked at once for a new alarm, however long the pause has grown', async () => {
    const { server, test } = await start();
    await server.down();
    await alarm(test);
    await pass(test, 2 * HOUR, 60 * SECOND);
    test.clock.turn(10 * SECOND);
    await test.alerts.outbox.idle();
    await server.up();
    await alarm(test);
    expect(await server.received(2)).toHaveLength(2);
  });

  it('is given up after five days, and the app says so', async () => {
    const { server, test } = await start();
    await server.down();
    await alarm(test);
    await pass(test, 121 * HOUR, HOUR);
    expect((await rows(test))[0]).toMatchObject({ state: 'refused', errorCode: 'unreachable' });
    await server.up();
    await pass(test, HOUR, HOUR);
    expect(server.mails).toHaveLength(0);
  });

  it('is left for another one that the owner sets', async () => {
    const first = await startMailServer();
    open.push(first);
    const second = await startMailServer({ account: { user: 'vigie@example.org', password: 'secret' } });
    open.push(second);
    const test = await alertsUnderTest();
    open.push(test);
    const settings = {
      host: '127.0.0.1',
      security: 'auto' as const,
      user: null,
      password: null,
      from: 'Home <home@example.org>',
    };
    await test.alerts.settings.save({ ...settings, port: first.port });
    await first.down();
    await alarm(test);
    await test.alerts.outbox.idle();
    await test.alerts.settings.save({ ...settings, port: second.port, user: 'vigie@example.org', password: 'secret' });
    test.alerts.outbox.serverChanged();
    expect((await second.received(1))[0]?.from).toBe('home@example.org');
  });
});

describe('a mail server that answers', () => {
  it('550 to the address: it is told in its words, and nobody tries again', async () => {
    const { server, test } = await start();
    server.answer(ACCOUNT.email, { code: 550, text: '5.1.1 No such user here' });
    await alarm(test);
    await test.alerts.outbox.idle();
    expect((await rows(test))[0]).toMatchObject({
      state: 'refused',
      errorCode: 'recipient',
      errorText: '550 5.1.1 No such user here',
    });
    server.answer(ACCOUNT.email, null);
    await pass(test, 24 * HOUR, HOUR);
    expect(server.mails).toHaveLength(0);
  });

  it('451 for now: it comes again after growing pauses, and arrives', async () => {
    const { server, test } = await start();
    server.answer(ACCOUNT.email, { code: 451, text: '4.7.1 Greylisted' });
    await alarm(test);
    await pass(test, 300 * SECOND, SECOND);
    const [row] = await rows(test);
    expect(row).toMatchObject({ state: 'queued', errorCode: 'recipient', errorText: '451 4.7.1 Greylisted' });
    expect(row?.attempts).toBeGreaterThan(5);
    expect(row?.attempts).toBeLessThan(10);
    server.answer(ACCOUNT.email, null);
    await pass(test, 600 * SECOND, 60 * SECOND);
    await server.received(1);
    await test.alerts.outbox.idle();
    expect((await rows(test))[0]).toMatchObject({ state: 'sent', errorCode: null });
  });

  it('550 to our own name: every mail waits for the owner to set that right', async () => {
    const { server, test } = await start();
    server.answerSender({ code: 553, text: '5.7.1 Not your address' });
    await alarm(test);
    await test.alerts.outbox.idle();
    expect((await rows(test))[0]).toMatchObject({
      state: 'queued',
      errorCode: 'sender',
      errorText: '553 5.7.1 Not your address',
    });
    server.answerSender(null);
    await pass(test, 10 * SECOND, SECOND);
    await server.received(1);
  });

  it('slowly to one address: the others do not wait for it', async () => {
    const { server, test } = await start();
    const release = server.hold('slow@example.org');
    for (let n = 0; n < 4; n += 1) await alarm(test, 'slow@example.org');
    for (let n = 0; n < 4; n += 1) await alarm(test, 'quick@example.org');
    await server.received(4, ({ to }) => to[0] === 'quick@example.org');
    expect(server.mails).toHaveLength(4);
    release();
    await server.received(8);
  });

  it('nothing after the final dot: the alarm goes once more with the same Message-ID, then nobody knows', async () => {
    const { server, test } = await start();
    server.hangUpAtDot(1);
    await alarm(test);
    await test.alerts.outbox.idle();
    await pass(test, 5 * SECOND, SECOND);
    const twice = await server.received(2);
    expect(new Set(twice.map(({ parsed }) => parsed.messageId)).size).toBe(1);
    await test.alerts.outbox.idle();
    expect((await rows(test))[0]).toMatchObject({ state: 'sent', repeats: 1 });

    server.hangUpAtDot(2);
    await alarm(test);
    await pass(test, HOUR, 10 * SECOND);
    expect(server.mails).toHaveLength(4);
    expect((await rows(test))[1]).toMatchObject({ state: 'unknown', repeats: 1, errorCode: 'unreachable' });
  });
});

describe('the connection to the server', () => {
  it('is kept, and another is opened at once where it died unnoticed', async () => {
    const { server, test } = await start();
    await alarm(test);
    await alarm(test);
    await server.received(2);
    await test.alerts.outbox.idle();
    const before = server.connections;
    await alarm(test);
    await server.received(3);
    await test.alerts.outbox.idle();
    expect(server.connections).toBe(before);
    server.dropConnections();
    await alarm(test);
    await server.received(4);
    await test.alerts.outbox.idle();
    expect(await rows(test)).toEqual(
      Array(4).fill(expect.objectContaining({ state: 'sent', attempts: 1, repeats: 0 })),
    );
  });

  it('survives the death of the mailer process', async () => {
    const { server, test } = await start();
    await alarm(test);
    await server.received(1);
    await test.alerts.outbox.idle();
    const pid = test.alerts.mailer.pid();
    if (pid === null) throw new Error('no mailer runs');
    const release = server.hold(ACCOUNT.email);
    await alarm(test);
    await release.reached;
    expect((await rows(test))[1]).toMatchObject({ state: 'sending' });
    process.kill(pid, 'SIGKILL');
    await test.alerts.outbox.idle();
    expect((await rows(test))[1]).toMatchObject({ state: 'queued', errorCode: 'mailer', repeats: 0 });
    release();
    await pass(test, 5 * SECOND, SECOND);
    await server.received(2);
    expect(test.alerts.mailer.pid()).not.toBe(pid);
  });

  it('is ready before the alarm once a camera is armed', async () => {
    const { server, test } = await start();
    test.alerts.outbox.warmUp();
    await expect.poll(() => server.connections, PATIENCE).toBe(1);
    await alarm(test);
    await server.received(1);
    expect(server.connections).toBe(1);
  });
});

describe('a DKIM key', () => {
  it('signs every message, and the mail server sees that', async () => {
    const server = await startMailServer();
    open.push(server);
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
    const test = await alertsUnderTest({
      SMTP_URL: server.url,
      MAIL_FROM: 'vigie@example.org',
      DKIM_DOMAIN: 'example.org',
      DKIM_SELECTOR: 'door',
      DKIM_PRIVATE_KEY: pem,
    });
    open.push(test);
    await alarm(test);
    const [mail] = await server.received(1);
    expect(mail?.raw.toString('latin1')).toMatch(
      /^DKIM-Signature: v=1; a=rsa-sha256; [^]*d=example\.org;[^]*s=door;[^]*\r\nMIME-Version/,
    );
    expect(mail?.parsed.attachments).toHaveLength(2);
  });
});

describe('a code', () => {
  const order = (expiresAt: number) =>
    ({
      accountId: null,
      recipient: 'new@example.org',
      locale: 'en',
      kind: 'code',
      payload: { code: '123456', expiresAt },
    }) as const;

  it('is sent, and forgotten then', async () => {
    const { server, test } = await start();
    await test.alerts.deliveries.queueDelivery(test.db, order(test.clock.now() + 600 * SECOND));
    test.alerts.deliveries.wake();
    const [mail] = await server.received(1);
    expect(mail?.parsed.subject).toBe('Your code: 123456');
    await test.alerts.outbox.idle();
    expect((await rows(test))[0]).toMatchObject({ state: 'sent', payload: '{}' });
  });

  it('that expired is not sent any more', async () => {
    const { server, test } = await start();
    await server.down();
    await test.alerts.deliveries.queueDelivery(test.db, order(test.clock.now() + 600 * SECOND));
    test.alerts.deliveries.wake();
    await test.alerts.outbox.idle();
    await server.up();
    await pass(test, 2 * HOUR, HOUR);
    expect(server.mails).toHaveLength(0);
    expect((await rows(test))[0]).toMatchObject({ state: 'refused', errorCode: 'expired', payload: '{}' });
    expect(test.errors).toEqual([]);
  });
});

describe('what is over', () => {
  it('is forgotten after a day, unless it tells of an event that is still kept', async () => {
    const { server, test } = await start();
    const expiresAt = test.clock.now() + 600 * SECOND;
    await test.alerts.deliveries.queueDelivery(test.db, {
      accountId: null,
      recipient: 'stranger@example.org',
      locale: 'en',
      kind: 'code',
      payload: { code: '123456', expiresAt },
    });
    await alarm(test);
    await server.received(2);
    await pass(test, 24 * HOUR, 12 * HOUR);
    expect(await rows(test)).toHaveLength(2);
    await pass(test, 24 * HOUR, 12 * HOUR);
    await expect.poll(() => rows(test), PATIENCE).toEqual([expect.objectContaining({ kind: 'alarm', state: 'sent' })]);
  });
});

describe('without a mail server', () => {
  it('an alarm is kept in the account’s mailbox, message and all', async () => {
    const test = await alertsUnderTest();
    open.push(test);
    const event = await test.intrusion();
    await test.photo(event, PHOTO);
    await test.alerts.outbox.idle();
    const [mail, ...rest] = await test.alerts.mailbox.list(ACCOUNT.id);
    expect(rest).toEqual([]);
    expect(mail).toMatchObject({ subject: 'Movement detected: Living room, 14:31', receivedAt: CAPTURED_AT });
    expect(mail?.link).toMatch(new RegExp(`^/events#[0-9a-f-]{36}\\.${event}$`));
    expect(mail?.photoUrl).toMatch(new RegExp(`^/api/cameras/[0-9a-f-]{36}/events/${event}/photo$`));
    expect(await test.alerts.mailbox.source(ACCOUNT.id, mail?.id ?? '')).toMatch(/^From: Vigie <vigie@/m);
    expect((await test.alerts.mailbox.source(ACCOUNT.id, mail?.id ?? ''))?.match(/^Content-Disposition: .*/gm)).toEqual(
      [expect.stringContaining('inline')],
    );
    // The photo is on disk once, with its event.
    const kept = await test.db.selectFrom('mailbox').select('source').executeTakeFirstOrThrow();
    expect(kept.source).toContain('Movement detected');
    expect(kept.source).not.toContain('image/jpeg');
    expect(await test.alerts.mailbox.source('somebody-else', mail?.id ?? '')).toBeNull();
    expect((await rows(test))[0]).toMatchObject({ state: 'sent', channel: 'mailbox' });
  });

  it('what opens an account is not shown to whoever is signed in', async () => {
    const test = await alertsUnderTest();
    open.push(test);
    const payload = { url: 'https://vigie.local:8443/reset#token', expiresAt: test.clock.now() + HOUR };
    await test.alerts.deliveries.queueDelivery(test.db, {
      accountId: ACCOUNT.id,
      recipient: ACCOUNT.email,
      locale: 'en',
      kind: 'reset',
      payload,
    });
    test.alerts.deliveries.wake();
    await test.alerts.outbox.idle();
    expect(await test.alerts.mailbox.list(ACCOUNT.id)).toEqual([]);
    expect((await rows(test))[0]).toMatchObject({ state: 'refused', errorCode: 'no-mail-server', payload: '{}' });
  });
});
