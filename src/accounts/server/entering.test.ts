import { afterEach, describe, expect, it } from 'vitest';
import { type AccountsRig, type AccountsRigOptions, accountsRig } from '../../../test/kit/accounts.ts';

const PASSWORD = 'a lantern in the attic';
let rig: AccountsRig;
afterEach(() => rig.close());
const start = async (options?: AccountsRigOptions) => {
  rig = await accountsRig(options);
};
const signUp = (email: string, password = PASSWORD, more: object = {}) =>
  rig.browser().ask('POST', '/api/accounts/sign-up', { email, password, locale: 'fr', ...more });
const whoami = async (browser: ReturnType<AccountsRig['browser']>) =>
  (await browser.ask('GET', '/api/session')).json().account;

describe('without a mail server', () => {
  it('an account works at once, in the language of the page, and the first one owns the server', async () => {
    await start();
    const browser = rig.browser();
    expect((await browser.ask('GET', '/api/session')).json()).toEqual({
      account: null,
      mail: 'mailbox',
      registration: 'open',
      serverName: 'localhost:8080',
      retentionDays: 30,
    });
    const made = await browser.ask('POST', '/api/accounts/sign-up', {
      email: 'Ann@Example.org',
      password: PASSWORD,
      locale: 'fr',
    });
    expect(made.json()).toEqual({ next: 'in', passwordDropped: false });
    expect(await whoami(browser)).toMatchObject({
      email: 'ann@example.org',
      locale: 'fr',
      isOwner: true,
      emailVerified: false,
      hasPassword: true,
    });
    expect((await signUp('bob@example.org')).statusCode).toBe(200);
    expect(await rig.db.selectFrom('user').select('email').where('isOwner', '=', 1).execute()).toEqual([
      { email: 'ann@example.org' },
    ]);
  });

  it('of many first accounts made at once, one owns the server', async () => {
    await start();
    await Promise.all(Array.from({ length: 8 }, (_, n) => signUp(`first${n}@example.org`)));
    const people = await rig.db.selectFrom('user').select(['email', 'isOwner']).execute();
    expect(people).toHaveLength(8);
    expect(people.filter(({ isOwner }) => isOwner)).toHaveLength(1);
  });

  it('says at once that an address is taken, however it is written', async () => {
    await start();
    await signUp('jo@müller.example');
    for (const email of ['jo@müller.example', ' JO@Müller.example ', 'jo@xn--mller-kva.example']) {
      const again = await signUp(email);
      expect([again.statusCode, again.json().error.code]).toEqual([409, 'address-taken']);
      expect(again.headers['set-cookie']).toBeUndefined();
    }
  });

  it('of two accounts for one address made at once, one is made', async () => {
    await start();
    const statuses = (await Promise.all([signUp('two@example.org'), signUp('two@example.org')])).map(
      (response) => response.statusCode,
    );
    expect(statuses.sort()).toEqual([200, 409]);
  });

  it('an address alone makes an account on this device and never opens another one', async () => {
    await start();
    const browser = rig.browser();
    await browser.ask('POST', '/api/accounts/start', { email: 'solo@example.org', locale: 'en' });
    expect(await whoami(browser)).toMatchObject({ email: 'solo@example.org', hasPassword: false });
    const stranger = rig.browser();
    const again = await stranger.ask('POST', '/api/accounts/start', { email: 'solo@example.org', locale: 'en' });
    expect([again.statusCode, again.json().error.code]).toEqual([409, 'address-taken']);
    expect(await whoami(stranger)).toBeNull();
    expect(
      (await stranger.ask('POST', '/api/accounts/sign-in', { email: 'solo@example.org', password: '' })).statusCode,
    ).toBe(401);
  });

  it('sends nothing, and says who can help with a forgotten password', async () => {
    await start();
    await signUp('ann@example.org');
    const forgot = await rig.browser().ask('POST', '/api/accounts/forgot', { email: 'ann@example.org' });
    expect([forgot.statusCode, forgot.json().error.code]).toEqual([409, 'no-mail']);
    expect(await rig.mails()).toEqual([]);
  });
});

describe('with a mail server', () => {
  it('goes on to the code; the code opens the account once', async () => {
    await start({ mail: 'smtp' });
    const browser = rig.browser();
    const asked = await browser.ask('POST', '/api/accounts/sign-up', {
      email: 'ann@example.org',
      password: PASSWORD,
      locale: 'fr',
    });
    expect(asked.json()).toEqual({ next: 'code', flow: expect.stringMatching(/^[\w-]{43}$/) });
    expect(await rig.mails()).toMatchObject([{ kind: 'code', recipient: 'ann@example.org', locale: 'fr' }]);
    expect(await rig.db.selectFrom('user').selectAll().execute()).toEqual([]);
    const answer = { flow: asked.json().flow, code: await rig.code('ann@example.org') };
    expect((await browser.ask('POST', '/api/accounts/verify', answer)).json().next).toBe('in');
    expect(await whoami(browser)).toMatchObject({
      email: 'ann@example.org',
      emailVerified: true,
      hasPassword: true,
      isOwner: true,
    });
    expect((await rig.browser().ask('POST', '/api/accounts/verify', answer)).json().error.code).toBe('code-expired');
    expect(
      (
        await rig.browser().ask('POST', '/api/accounts/sign-in', { email: 'ANN@example.org', password: PASSWORD })
      ).json().next,
    ).toBe('in');
  });

  it('tells no stranger who is here: the same answer for a new and a known address, and no way in', async () => {
    await start({ mail: 'smtp' });
    const first = await signUp('ann@example.org');
    await rig
      .browser()
      .ask('POST', '/api/accounts/verify', { flow: first.json().flow, code: await rig.code('ann@example.org') });
    const known = await signUp('ann@example.org', 'another password');
    const fresh = await signUp('new@example.org', 'another password');
    const shape = (response: typeof known) => ({
      status: response.statusCode,
      headers: Object.keys(response.headers).sort(),
      body: response.body.replace(/"flow":"[\w-]{43}"/, '"flow":"…"'),
    });
    expect(shape(known)).toEqual(shape(fresh));
    expect((await rig.mails()).slice(1).map(({ kind, recipient }) => [kind, recipient])).toEqual([
      ['known', 'ann@example.org'],
      ['code', 'new@example.org'],
    ]);
    for (const code of ['000000', '123456']) {
      const tried = await rig.browser().ask('POST', '/api/accounts/verify', { flow: known.json().flow, code });
      expect([tried.statusCode, tried.json().error.code]).toEqual([422, 'code-wrong']);
      expect(tried.headers['set-cookie']).toBeUndefined();
    }
  });

  it('a code is good five times wrong, for a quarter of an hour, and for nobody else', async () => {
    await start({ mail: 'smtp' });
    const { flow } = (await signUp('ann@example.org')).json();
    const code = await rig.code('ann@example.org');
    const wrong = code === '000000' ? '000001' : '000000';
    const codes = [];
    for (let n = 0; n < 5; n++)
      codes.push((await rig.browser().ask('POST', '/api/accounts/verify', { flow, code: wrong })).json().error.code);
    expect(codes).toEqual(Array(5).fill('code-wrong'));
    expect((await rig.browser().ask('POST', '/api/accounts/verify', { flow, code })).json().error.code).toBe(
      'code-expired',
    );

    const later = (await signUp('ann@example.org')).json().flow;
    rig.wait(16 * 60);
    expect(
      (
        await rig
          .browser()
          .ask('POST', '/api/accounts/verify', { flow: later, code: await rig.code('ann@example.org') })
      ).json().error.code,
    ).toBe('code-expired');

    const mine = (await signUp('ann@example.org')).json().flow;
    await signUp('eve@example.org');
    expect(
      (await rig.browser().ask('POST', '/api/accounts/verify', { flow: mine, code: await rig.code('eve@example.org') }))
        .statusCode,
    ).not.toBe(200);
  });

  it("a stranger's sign-up on my address does not give my account their password", async () => {
    await start({ mail: 'smtp' });
    await signUp('ann@example.org', 'the password of eve');
    const mine = rig.browser();
    const { flow } = (await mine.ask('POST', '/api/accounts/start', { email: 'ann@example.org', locale: 'en' })).json();
    expect(
      (await mine.ask('POST', '/api/accounts/verify', { flow, code: await rig.code('ann@example.org') })).json().next,
    ).toBe('in');
    expect(await whoami(mine)).toMatchObject({ hasPassword: false });
    expect(
      (
        await rig
          .browser()
          .ask('POST', '/api/accounts/sign-in', { email: 'ann@example.org', password: 'the password of eve' })
      ).statusCode,
    ).toBe(401);
  });

  it('whoever proves an address that nobody had proved shuts out who made the account', async () => {
    await start();
    const squatter = rig.browser();
    await squatter.ask('POST', '/api/accounts/sign-up', { email: 'ann@example.org', password: PASSWORD, locale: 'en' });
    rig.setMail('smtp');
    const mine = rig.browser();
    const { flow } = (await mine.ask('POST', '/api/accounts/start', { email: 'ann@example.org', locale: 'en' })).json();
    const entered = await mine.ask('POST', '/api/accounts/verify', { flow, code: await rig.code('ann@example.org') });
    expect(entered.json()).toEqual({ next: 'in', passwordDropped: true });
    expect(await whoami(squatter)).toBeNull();
    expect(
      (await squatter.ask('POST', '/api/accounts/sign-in', { email: 'ann@example.org', password: PASSWORD }))
        .statusCode,
    ).toBe(401);
  });

  it('a forgotten password: the same answer for all, a link in the mail that works once and ends every session', async () => {
    await start();
    const browser = rig.browser();
    await browser.ask('POST', '/api/accounts/sign-up', { email: 'ann@example.org', password: PASSWORD, locale: 'fr' });
    rig.setMail('smtp');
    const known = await rig.browser().ask('POST', '/api/accounts/forgot', { email: 'Ann@example.org' });
    const unknown = await rig.browser().ask('POST', '/api/accounts/forgot', { email: 'nobody@example.org' });
    expect([unknown.statusCode, unknown.body]).toEqual([known.statusCode, known.body]);
    const [mail, ...others] = await rig.mails();
    expect([mail?.kind, mail?.recipient, mail?.locale, others]).toEqual(['reset', 'ann@example.org', 'fr', []]);
    const [origin, token] = String(mail?.payload.url).split('/#reset=');
    expect(origin).toBe('https://vigie.example');
    const fresh = rig.browser();
    const reset = await fresh.ask('POST', '/api/accounts/reset', { token, password: 'a new one, longer' });
    expect([reset.json().next, reset.headers['clear-site-data']]).toEqual(['in', '"cache"']);
    expect(await whoami(fresh)).toMatchObject({ emailVerified: true });
    expect(await whoami(browser)).toBeNull();
    expect(
      (await rig.browser().ask('POST', '/api/accounts/reset', { token, password: 'once more, please' })).json().error
        .code,
    ).toBe('link-invalid');
    expect(
      (await rig.browser().ask('POST', '/api/accounts/sign-in', { email: 'ann@example.org', password: PASSWORD }))
        .statusCode,
    ).toBe(401);
    expect(
      (
        await rig
          .browser()
          .ask('POST', '/api/accounts/sign-in', { email: 'ann@example.org', password: 'a new one, longer' })
      ).statusCode,
    ).toBe(200);
  });

  it('writes as much, to the disk, for an unknown address as for a known one', async () => {
    await start();
    await rig
      .browser()
      .ask('POST', '/api/accounts/sign-up', { email: 'ann@example.org', password: PASSWORD, locale: 'fr' });
    rig.setMail('smtp');
    const rows = async () =>
      (await rig.db.selectFrom('verification').select('id').execute()).length +
      (await rig.db.selectFrom('delivery').select('id').execute()).length;
    const written: number[] = [];
    for (const email of ['ann@example.org', 'nobody@example.org']) {
      const before = await rows();
      await rig.browser().ask('POST', '/api/accounts/forgot', { email });
      written.push((await rows()) - before);
    }
    expect(written).toEqual([2, 2]);
    expect(await rig.mails()).toHaveLength(1);
  });

  it('a link grows old', async () => {
    await start({ mail: 'smtp' });
    const { flow } = (await signUp('ann@example.org')).json();
    await rig.browser().ask('POST', '/api/accounts/verify', { flow, code: await rig.code('ann@example.org') });
    await rig.browser().ask('POST', '/api/accounts/forgot', { email: 'ann@example.org' });
    const token = String((await rig.mails()).at(-1)?.payload.url).split('=')[1];
    rig.wait(31 * 60);
    expect(
      (await rig.browser().ask('POST', '/api/accounts/reset', { token, password: 'a new one, longer' })).statusCode,
    ).toBe(410);
  });
});

describe('registration that is not open', () => {
  it.each([
    ['invite', 'invite-needed'],
    ['closed', 'registration-closed'],
  ] as const)('%s: no account without an invitation, by neither way', async (registration, code) => {
    await start({ registration });
    expect((await signUp('ann@example.org')).json().error.code).toBe(code);
    expect(
      (await rig.browser().ask('POST', '/api/accounts/start', { email: 'ann@example.org', locale: 'en' })).json().error
        .code,
    ).toBe(code);
    rig.setMail('smtp');
    expect((await signUp('ann@example.org')).json().error.code).toBe(code);
    expect(
      (await rig.browser().ask('POST', '/api/accounts/start', { email: 'ann@example.org', locale: 'en' })).json().next,
    ).toBe('code');
    expect(await rig.mails()).toEqual([]);
  });
});
