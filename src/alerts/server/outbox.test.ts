/** The outbox against a real SMTP server: a row enters, a mail is received. */
import { encode } from 'jpeg-js';
import { afterEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type AlertsUnderTest, alertsUnderTest } from '../../../test/kit/alerts.ts';
import { type MailServer, startMailServer } from '../../../test/kit/smtp.ts';

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

const PHOTO = encode({ width: 64, height: 48, data: Buffer.alloc(64 * 48 * 4, 200) }, 90).data;

describe('an alarm', () => {
  it('goes out as soon as the photo is there', async () => {
    const { server, test } = await start();
    const event = await test.intrusion();
    await test.photo(event, PHOTO);
    const [mail] = await server.received(1);
    expect(mail?.to).toEqual([ACCOUNT.email]);
    expect(mail?.parsed.subject).toBe('Movement detected: Living room, 14:31');
    await test.alerts.outbox.idle();
    const row = await test.db.selectFrom('delivery').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ state: 'sent', sentAt: test.clock.now(), channel: 'mail', attempts: 1, errorCode: null });
    expect(mail?.parsed.messageId).toBe(row.messageId);
    expect(test.errors).toEqual([]);
  });
});
