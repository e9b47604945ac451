/** The mail routes over HTTP, with a real SMTP server behind them. */
import type { FastifyRequest } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type AlertsUnderTest, alertsUnderTest } from '../../../test/kit/alerts.ts';
import { type MailServer, type MailServerOptions, startMailServer } from '../../../test/kit/smtp.ts';
import type { AlertsConfig } from '../../alerts/server/alerts.ts';
import { ApiError } from '../../ports/errors.ts';
import type { App } from '../../server/app-type.ts';
import { readConfig } from '../../server/config.ts';
import { createApp } from '../../server/http.ts';

const open: Array<{ close(): Promise<unknown> }> = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** Signed in as whom `x-who` names: the owner, another account, or nobody. */
const accounts = {
  async requireAccount({ headers }: FastifyRequest) {
    const who = headers['x-who'];
    if (who === 'owner') return { ...ACCOUNT, isOwner: true };
    if (who === 'other') return { id: 'account-2', email: 'other@example.org', locale: 'fr' as const, isOwner: false };
    throw new ApiError(401, 'not-signed-in', 'Sign in first.');
  },
};

async function start(config: AlertsConfig = {}): Promise<{ app: App; test: AlertsUnderTest }> {
  const test = await alertsUnderTest(config);
  open.push(test);
  const app = await createApp(readConfig({}, '/no/such/.env'), undefined);
  open.push(app);
  test.alerts.routes(app, accounts);
  return { app, test };
}

async function mailServer(options?: MailServerOptions): Promise<MailServer> {
  const server = await startMailServer(options);
  open.push(server);
  return server;
}

function ask(app: App, method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, who?: string, payload?: object) {
  return app.inject({ method, url, ...(who && { headers: { 'x-who': who } }), ...(payload && { payload }) });
}

const form = (port: number, change = {}) => ({
  host: '127.0.0.1',
  port,
  security: 'auto',
  user: null,
  password: null,
  from: 'vigie@example.org',
  ...change,
});

describe('mail settings', () => {
  it('are the owner’s alone', async () => {
    const { app } = await start();
    for (const [method, url] of [
      ['GET', '/api/mail/settings'],
      ['PUT', '/api/mail/settings'],
      ['DELETE', '/api/mail/settings'],
      ['POST', '/api/mail/test'],
    ] as const) {
      const payload = method === 'PUT' ? form(25) : undefined;
      expect((await ask(app, method, url, undefined, payload)).json().error.code).toBe('not-signed-in');
      expect((await ask(app, method, url, 'other', payload)).json().error.code).toBe('owner-only');
    }
  });

  it('name common providers, and no mail server at first', async () => {
    const { app } = await start();
    const answer = (await ask(app, 'GET', '/api/mail/settings', 'owner')).json();
    expect(answer).toMatchObject({ source: 'none', server: null, page: null, queue: { waiting: 0, trouble: null } });
    expect(answer.presets.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining([
        'gmail',
        'outlook',
        'microsoft365',
        'yahoo',
        'icloud',
        'orange',
        'free',
        'sfr',
        'laposte',
        'ovh',
        'gandi',
        'infomaniak',
        'fastmail',
        'proton',
      ]),
    );
  });

  it('keep the password sealed, never tell it, and keep it while host and user stay', async () => {
    const server = await mailServer({ account: { user: 'me@example.org', password: 'tr0ub4dor' } });
    const { app, test } = await start();
    const saved = await ask(
      app,
      'PUT',
      '/api/mail/settings',
      'owner',
      form(server.port, { user: 'me@example.org', password: 'tr0ub4dor', from: null }),
    );
    expect(saved.statusCode).toBe(200);
    expect(saved.json()).toMatchObject({
      source: 'page',
      from: 'me@example.org',
      page: { user: 'me@example.org', hasPassword: true },
    });
    expect(saved.body).not.toContain('tr0ub4dor');
    const { value } = await test.db.selectFrom('setting').select('value').executeTakeFirstOrThrow();
    expect(value).not.toContain('tr0ub4dor');

    const { password: _, ...unchanged } = form(server.port, { user: 'me@example.org' });
    await ask(app, 'PUT', '/api/mail/settings', 'owner', unchanged);
    await test.alerts.settings.load();
    expect((await ask(app, 'POST', '/api/mail/test', 'owner')).json()).toMatchObject({ result: 'sent' });
    const elsewhere = await ask(app, 'PUT', '/api/mail/settings', 'owner', { ...unchanged, host: 'localhost' });
    expect(elsewhere.json().page.hasPassword).toBe(false);
    expect((await ask(app, 'DELETE', '/api/mail/settings', 'owner')).json()).toMatchObject({
      source: 'none',
      page: null,
    });
  });

  it('refuse what is no mail server, field by field', async () => {
    const { app } = await start();
    for (const [field, value] of Object.entries({
      host: 'smtp example',
      port: 70000,
      security: 'maybe',
      user: 'a\r\nRCPT TO:<b>',
      from: 'nobody',
    })) {
      const answer = await ask(app, 'PUT', '/api/mail/settings', 'owner', form(25, { [field]: value }));
      expect(answer.statusCode).toBe(400);
      expect(Object.keys(answer.json().error.fields)).toEqual([field]);
    }
    expect((await ask(app, 'PUT', '/api/mail/settings', 'owner', { ...form(25), unknown: 1 })).statusCode).toBe(400);
  });

  it('give way to SMTP_URL, and say so', async () => {
    const server = await mailServer();
    const { app } = await start({ SMTP_URL: server.url, MAIL_FROM: 'Home <home@example.org>' });
    expect((await ask(app, 'GET', '/api/mail/settings', 'owner')).json()).toMatchObject({
      source: 'environment',
      server: { host: '127.0.0.1', port: server.port },
      from: 'home@example.org',
    });
    expect((await ask(app, 'PUT', '/api/mail/settings', 'owner', form(25))).json().error.code).toBe(
      'set-by-environment',
    );
  });
});

describe('the test mail', () => {
  it('reaches the owner, in their language', async () => {
    const server = await mailServer();
    const { app } = await start({ SMTP_URL: server.url });
    expect((await ask(app, 'POST', '/api/mail/test', 'owner')).json()).toEqual({
      result: 'sent',
      said: expect.stringMatching(/^250 /),
    });
    const [mail] = await server.received(1);
    expect(mail?.to).toEqual([ACCOUNT.email]);
    expect(mail?.parsed.subject).toBe('Test mail from Vigie');
  });

  it('says that there is no mail server, and stays in the mailbox', async () => {
    const { app } = await start();
    expect((await ask(app, 'POST', '/api/mail/test', 'owner')).json()).toEqual({
      result: 'no-mail-server',
      said: null,
    });
    expect((await ask(app, 'GET', '/api/mailbox', 'owner')).json().messages).toEqual([
      expect.objectContaining({ subject: 'Test mail from Vigie' }),
    ]);
  });

  it('that arrives lets go what waited for the server', async () => {
    const server = await mailServer();
    const { app, test } = await start({ SMTP_URL: server.url });
    await server.down();
    await test.photo(await test.intrusion(), Buffer.from([0xff, 0xd8, 0xff, 0xd9]));
    await test.alerts.outbox.idle();
    await server.up();
    await ask(app, 'POST', '/api/mail/test', 'owner');
    expect(await server.received(2)).toHaveLength(2);
  });

  it('says that the server cannot be reached', async () => {
    const server = await mailServer();
    const { app } = await start({ SMTP_URL: server.url });
    await server.down();
    expect((await ask(app, 'POST', '/api/mail/test', 'owner')).json()).toEqual({
      result: 'unreachable',
      said: expect.stringContaining('ECONNREFUSED'),
    });
    await server.up();
  });

  it('says that the certificate is not acceptable', async () => {
    const server = await mailServer({ tls: true });
    const { app } = await start({ SMTP_URL: server.url.replace('smtp:', 'smtps:') });
    expect((await ask(app, 'POST', '/api/mail/test', 'owner')).json()).toMatchObject({ result: 'tls' });
  });

  it('says that the server does not encrypt where a password needs it', async () => {
    const server = await mailServer();
    const { app } = await start({ SMTP_URL: `${server.url}?security=starttls` });
    expect((await ask(app, 'POST', '/api/mail/test', 'owner')).json()).toMatchObject({ result: 'tls' });
  });

  it('says that user or password is wrong, or missing', async () => {
    const server = await mailServer({ account: { user: 'me', password: 'right' } });
    const { app } = await start({ SMTP_URL: server.url.replace('//', '//me:wrong@') });
    expect((await ask(app, 'POST', '/api/mail/test', 'owner')).json()).toEqual({
      result: 'credentials',
      said: expect.stringContaining('535'),
    });
    const { app: without } = await start({ SMTP_URL: server.url });
    expect((await ask(without, 'POST', '/api/mail/test', 'owner')).json()).toMatchObject({ result: 'credentials' });
  });

  it('says that the sender, or the address, is refused, in the server’s words', async () => {
    const server = await mailServer();
    const { app } = await start({ SMTP_URL: server.url });
    server.answerSender({ code: 550, text: '5.7.1 Not yours' });
    expect((await ask(app, 'POST', '/api/mail/test', 'owner')).json()).toEqual({
      result: 'sender',
      said: '550 5.7.1 Not yours',
    });
    server.answerSender(null);
    server.answer(ACCOUNT.email, { code: 550, text: '5.1.1 Unknown' });
    expect((await ask(app, 'POST', '/api/mail/test', 'owner')).json()).toEqual({
      result: 'recipient',
      said: '550 5.1.1 Unknown',
    });
  });
});

describe('the mailbox', () => {
  it('shows an account its own mails, whole on request, and nobody else’s', async () => {
    const { app, test } = await start();
    await test.photo(await test.intrusion(), Buffer.from([0xff, 0xd8, 0xff, 0xd9]));
    await test.alerts.outbox.idle();
    const { messages } = (await ask(app, 'GET', '/api/mailbox', 'owner')).json();
    expect(messages).toHaveLength(1);
    const url = `/api/mailbox/${messages[0].id}`;
    expect((await ask(app, 'GET', url, 'owner')).json()).toEqual(messages[0]);
    const source = await ask(app, 'GET', `${url}/source`, 'owner');
    expect(source.headers).toMatchObject({
      'content-type': expect.stringContaining('message/rfc822'),
      'content-disposition': expect.stringContaining('.eml'),
    });
    expect(source.body).toMatch(/^(.+\r\n)*Subject: Movement detected: Living room, 14:31\r\n/);
    expect((await ask(app, 'GET', '/api/mailbox', 'other')).json()).toEqual({ messages: [] });
    for (const path of [url, `${url}/source`]) {
      expect((await ask(app, 'GET', path, 'other')).json().error.code).toBe('mail-unknown');
      expect((await ask(app, 'GET', path)).json().error.code).toBe('not-signed-in');
    }
  });
});
