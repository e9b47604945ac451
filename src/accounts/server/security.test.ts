import { afterEach, describe, expect, it } from 'vitest';
import { type AccountsRig, type AccountsRigOptions, accountsRig } from '../../../test/kit/accounts.ts';

const PASSWORD = 'a lantern in the attic';
const ANN = { email: 'ann@example.org', password: PASSWORD };
let rig: AccountsRig;
afterEach(() => rig.close());
const start = async (options?: AccountsRigOptions) => {
  rig = await accountsRig(options);
};
const signedIn = async (email = ANN.email) => {
  const browser = rig.browser();
  await browser.ask('POST', '/api/accounts/sign-up', { ...ANN, email, locale: 'en' });
  return browser;
};
const signIn = (browser: ReturnType<AccountsRig['browser']>, body: object = ANN, headers = {}) =>
  browser.ask('POST', '/api/accounts/sign-in', body, headers);

describe('a wrong password', () => {
  it('gets one sentence, the same and as late for an unknown address', async () => {
    await start();
    await signedIn();
    await rig.browser().ask('POST', '/api/accounts/start', { email: 'nopassword@example.org', locale: 'en' });
    const addresses = [ANN.email, 'nobody@example.org', 'nopassword@example.org', 'not an address'];
    const answers = [];
    const soonest = new Map<string, number>();
    // The soonest of five rounds is what the answer takes by itself, also where the machine is busy elsewhere.
    for (const email of [1, 2, 3, 4, 5].flatMap(() => addresses)) {
      const begin = performance.now();
      const answer = await signIn(rig.browser(), { email, password: 'wrong password' });
      soonest.set(email, Math.min(soonest.get(email) ?? Number.POSITIVE_INFINITY, performance.now() - begin));
      answers.push([answer.statusCode, answer.body, answer.headers['set-cookie']]);
    }
    expect(answers[0]?.[0]).toBe(401);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    // A hash takes some 20 ms, an answer without one below 2: no clock is fine enough to mistake them.
    for (const taken of soonest.values()) expect(taken).toBeGreaterThan(Math.max(...soonest.values()) / 8);
  });

  it('too often gets 429 and a time to wait, which passes; the right one in between resets it', async () => {
    await start();
    await signedIn();
    const browser = rig.browser();
    for (let n = 0; n < 7; n++) expect((await signIn(browser, { ...ANN, password: 'wrong' })).statusCode).toBe(401);
    expect((await signIn(browser)).statusCode).toBe(200);
    for (let n = 0; n < 8; n++) expect((await signIn(browser, { ...ANN, password: 'wrong' })).statusCode).toBe(401);
    const refused = await signIn(browser);
    expect([refused.statusCode, refused.json().error.code]).toEqual([429, 'too-many-tries']);
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(300);
    rig.wait(seconds);
    expect((await signIn(browser)).statusCode).toBe(200);
  });

  it.each([
    'x-forwarded-for',
    'x-real-ip',
    'forwarded',
    'cf-connecting-ip',
    'true-client-ip',
    'x-client-ip',
    'x-vigie-client-address',
  ])('a forged %s is no new start', async (field) => {
    await start();
    await signedIn();
    const browser = rig.browser();
    for (let n = 0; n < 8; n++) await signIn(browser, { ...ANN, password: 'wrong' }, { [field]: `198.51.100.${n}` });
    expect((await signIn(browser, ANN, { [field]: '198.51.100.99' })).statusCode).toBe(429);
  });

  it('behind a trusted proxy its forwarded address counts, and what the client put before it does not', async () => {
    await start({ trustedProxies: '203.0.113.7' });
    await signedIn();
    for (let n = 0; n < 8; n++)
      await signIn(rig.browser(), { ...ANN, password: 'wrong' }, { 'x-forwarded-for': `192.0.2.${n}, 198.51.100.1` });
    expect((await signIn(rig.browser(), ANN, { 'x-forwarded-for': '192.0.2.200, 198.51.100.1' })).statusCode).toBe(429);
    expect((await signIn(rig.browser(), ANN, { 'x-forwarded-for': '198.51.100.2' })).statusCode).toBe(200);
  });

  it('guessed from one IPv6 household counts as one', async () => {
    await start();
    await signedIn();
    for (let n = 0; n < 8; n++) await signIn(rig.browser({ ip: `2001:db8:1:2::${n}` }), { ...ANN, password: 'wrong' });
    expect((await signIn(rig.browser({ ip: '2001:db8:1:2:ffff::9' }))).statusCode).toBe(429);
    expect((await signIn(rig.browser({ ip: '2001:db8:1:3::9' }))).statusCode).toBe(200);
  });

  it('guessed by a crowd does not lock the owner out of where they were before', async () => {
    await start();
    await signedIn();
    for (let n = 0; n < 101; n++) await signIn(rig.browser({ ip: `198.51.100.${n}` }), { ...ANN, password: 'x' });
    expect((await signIn(rig.browser({ ip: '192.0.2.1' }))).statusCode).toBe(429);
    expect((await signIn(rig.browser())).statusCode).toBe(200);
    rig.wait(15 * 60);
    expect((await signIn(rig.browser({ ip: '192.0.2.1' }))).statusCode).toBe(200);
  });
});

describe('a sign-in that succeeds', () => {
  it('uses up nothing of what its network may try', async () => {
    await start();
    await signedIn();
    for (let n = 0; n < 45; n++) expect((await signIn(rig.browser())).statusCode).toBe(200);
    expect((await signIn(rig.browser(), { ...ANN, password: 'wrong' })).statusCode).toBe(401);
  });
});

describe('mails to somebody that a stranger asks for', () => {
  const ask = (what: 'start' | 'forgot', ip: string) =>
    rig.browser({ ip }).ask('POST', `/api/accounts/${what}`, {
      email: ANN.email,
      ...(what === 'start' && { locale: 'en' }),
    });

  it('end after five, and leave the person theirs', async () => {
    await start();
    await signedIn();
    rig.setMail('smtp');
    for (const what of ['start', 'forgot'] as const) {
      for (let n = 0; n < 5; n++) expect((await ask(what, '198.51.100.1')).statusCode).toBe(200);
      expect((await ask(what, '198.51.100.1')).statusCode).toBe(429);
      expect((await ask(what, '198.51.100.2')).statusCode).toBe(200);
    }
  });

  it('are some twenty an hour, from wherever they are asked for', async () => {
    await start();
    await signedIn();
    rig.setMail('smtp');
    for (let n = 0; n < 20; n++) expect((await ask('start', `198.51.100.${n}`)).statusCode).toBe(200);
    expect((await ask('start', '198.51.100.99')).statusCode).toBe(429);
    expect((await ask('forgot', '198.51.100.99')).statusCode).toBe(200);
    rig.wait(3600);
    expect((await ask('start', '198.51.100.99')).statusCode).toBe(200);
  });
});

describe('when to come back', () => {
  const RETRY = /^[1-9]\d*$/;

  it('stands in Retry-After, whichever limit it was', async () => {
    await start();
    const browser = await signedIn();
    const change = () => browser.ask('PUT', '/api/account/password', { current: 'wrong', password: 'long enough' });
    for (let n = 0; n < 10; n++) expect((await change()).statusCode).toBe(403);
    const refused = await change();
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, expect.stringMatching(RETRY)]);
  });

  it('is said where too many sign in at once', async () => {
    await start();
    const answers = await Promise.all(
      Array.from({ length: 110 }, (_, n) =>
        signIn(rig.browser({ ip: `198.51.100.${n}` }), { ...ANN, email: `a${n}@example.org` }),
      ),
    );
    const busy = answers.filter(({ statusCode }) => statusCode === 503);
    expect(busy.length).toBeGreaterThan(0);
    for (const { headers } of busy) expect(headers['retry-after']).toMatch(RETRY);
  });
});

describe('the place where somebody was before', () => {
  it.each([
    ['an IPv4 address on a socket of both families', '::ffff:127.0.0.1', '::ffff:127.0.0.1', '::ffff:127.0.0.2'],
    ['an IPv6 household', '2001:db8:1:2::7', '2001:db8:1:2:aaaa::8', '2001:db8:1:3::7'],
    ['a loopback', '::1', '::1', '2001:db8::1'],
  ])('%s is known again', async (_what, before, here, elsewhere) => {
    await start();
    await rig.browser({ ip: before }).ask('POST', '/api/accounts/sign-up', { ...ANN, locale: 'en' });
    const { sessions } = rig.accounts.inner;
    expect(await sessions.knows(ANN.email, here)).toBe(true);
    expect(await sessions.knows(ANN.email, elsewhere)).toBe(false);
    expect(await sessions.knows('ben@example.org', here)).toBe(false);
  });

  it('is forgotten with the session', async () => {
    await start();
    const browser = await signedIn();
    const { sessions } = rig.accounts.inner;
    const me = { sessionId: 'another', account: (await browser.ask('GET', '/api/session')).json().account };
    expect(await sessions.list(me)).toHaveLength(1);
    rig.wait(91 * 24 * 3600);
    expect(await sessions.knows(ANN.email, '203.0.113.7')).toBe(false);
    expect(await sessions.list(me)).toEqual([]);
  });
});

describe('the session', () => {
  it('has a cookie that no script reads and no other site sends; Secure over TLS', async () => {
    await start({ publicUrl: 'https://vigie.example' });
    const plain = (await rig.browser().ask('POST', '/api/accounts/sign-up', { ...ANN, locale: 'en' })).headers[
      'set-cookie'
    ];
    expect(plain).toMatch(/^vigie\.session_token=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    const secure = rig.browser({ headers: { host: 'vigie.example', origin: 'https://vigie.example' } });
    expect((await signIn(secure)).headers['set-cookie']).toMatch(
      /^__Secure-vigie\.session_token=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect((await secure.ask('GET', '/api/session')).json().account.email).toBe(ANN.email);
  });

  it('is a new one at each sign-in: one that was planted is neither kept nor alive', async () => {
    await start();
    const eve = await signedIn('eve@example.org');
    const victim = rig.browser();
    for (const [name, value] of eve.cookies) victim.cookies.set(name, value);
    await signedIn();
    await signIn(victim);
    expect([...victim.cookies.values()]).not.toEqual([...eve.cookies.values()]);
    expect((await victim.ask('GET', '/api/session')).json().account.email).toBe(ANN.email);
    expect((await eve.ask('GET', '/api/session')).json().account).toBeNull();
  });

  it('does not live on with a forged, a cut or a foreign cookie', async () => {
    await start();
    const browser = await signedIn();
    const [name, value] = [...browser.cookies][0] ?? ['', ''];
    for (const forged of [
      value.slice(0, -4),
      value.replace(/\..*/, '.AAAA'),
      `x${value}`,
      decodeURIComponent(value).split('.')[0] ?? '',
      "' or 1=1 --",
    ]) {
      const other = rig.browser();
      other.cookies.set(name, forged);
      expect((await other.ask('GET', '/api/session')).json().account).toBeNull();
      expect((await other.ask('GET', '/api/account/sessions')).statusCode).toBe(401);
    }
  });

  it.each([
    ['sign-out', 'POST', '/api/accounts/sign-out', undefined],
    ['the deletion of the account', 'DELETE', '/api/account', { password: PASSWORD }],
  ] as const)('leaves nothing that was seen in the browser at %s', async (_what, method, url, body) => {
    await start();
    const browser = await signedIn();
    const answer = await browser.ask(method, url, body);
    expect([answer.statusCode, answer.headers['clear-site-data']]).toEqual([204, '"cache"']);
  });

  it('ends on the server at sign-out', async () => {
    await start();
    const browser = await signedIn();
    const copy = rig.browser();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    expect((await browser.ask('POST', '/api/accounts/sign-out')).statusCode).toBe(204);
    expect(browser.cookies.size).toBe(0);
    expect((await copy.ask('GET', '/api/session')).json().account).toBeNull();
  });

  it('opens by its cookie alone for a WebSocket, the one that the pages of the same address use', async () => {
    await start({ publicUrl: 'https://vigie.example' });
    const plain = await signedIn();
    const secure = rig.browser({ headers: { host: 'vigie.example', origin: 'https://vigie.example' } });
    await secure.ask('POST', '/api/accounts/sign-up', { ...ANN, email: 'ben@example.org', locale: 'en' });
    const both = [...secure.cookies, ...plain.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const { accountByCookie } = rig.accounts;
    const [atHome, away, overTls] = [
      { protocol: 'http', host: 'localhost:8080' },
      { protocol: 'http', host: 'vigie.example' },
      { protocol: 'https', host: 'vigie.local:8443' },
    ];
    expect(await accountByCookie(`other=1; ${both}`, atHome)).toMatchObject({ email: ANN.email });
    expect(await accountByCookie(both, away)).toMatchObject({ email: 'ben@example.org' });
    expect(await accountByCookie(both, overTls)).toMatchObject({ email: 'ben@example.org' });
    expect(await accountByCookie('other=1', atHome)).toBeNull();
  });

  it('is renewed, on the server and in the browser, by whichever answer can carry the cookie', async () => {
    await start({
      routes: (app, accounts) => {
        app.get('/page', async (request, reply) => ({ known: (await accounts.accountOf(request, reply)) !== null }));
      },
    });
    const browser = await signedIn();
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const expiresAt = async () =>
      new Date((await rig.db.selectFrom('session').select('expiresAt').executeTakeFirstOrThrow()).expiresAt).getTime();
    /** The session as it is `days` after it was opened. */
    const age = async (days: number) => {
      const expiry = Date.now() + (90 - days) * 86_400_000;
      await rig.db
        .updateTable('session')
        .set({ expiresAt: new Date(expiry).toISOString() })
        .execute();
      return expiry;
    };
    const grown = await age(2);
    for (const url of ['/page', '/api/account/sessions', '/api/session']) {
      await age(2);
      const answer = await browser.ask('GET', url);
      expect([url, answer.headers['set-cookie']]).toEqual([url, expect.stringMatching(/Max-Age=7776000;/)]);
      expect(await expiresAt()).toBeGreaterThan(grown + 86_400_000);
      expect((await browser.ask('GET', url)).headers['set-cookie']).toBeUndefined();
    }
    const again = await age(2);
    await rig.accounts.accountByCookie(cookie, { protocol: 'http', host: 'localhost:8080' });
    expect(await expiresAt()).toBe(again);
  });

  it('that ended does not take away the cookie of the one that came after it', async () => {
    await start();
    const browser = await signedIn();
    const late = rig.browser();
    for (const [name, value] of browser.cookies) late.cookies.set(name, value);
    await signIn(browser);
    const answer = await late.ask('GET', '/api/session');
    expect([answer.json().account, answer.headers['set-cookie']]).toEqual([null, undefined]);
  });
});

describe('another site', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://localhost:9999' }],
    ['another scheme', { origin: 'https://localhost:8080' }],
    ['no origin of its own', { origin: 'null' }],
    ['a subdomain of ours', { origin: 'http://evil.localhost:8080' }],
  ])('%s can neither sign in nor change anything', async (_what, headers) => {
    await start();
    const browser = await signedIn();
    for (const [method, url, body] of [
      ['POST', '/api/accounts/sign-in', ANN],
      ['POST', '/api/accounts/sign-up', { ...ANN, locale: 'en' }],
      ['POST', '/api/accounts/sign-out', undefined],
      ['POST', '/api/session/locale', { locale: 'fr' }],
      ['DELETE', '/api/account', { password: PASSWORD }],
      ['PUT', '/api/account/password', { current: PASSWORD, password: 'chosen by somebody else' }],
    ] as const) {
      const answer = await browser.ask(method, url, body, headers);
      expect([url, answer.statusCode, answer.json().error.code]).toEqual([url, 403, 'origin-refused']);
    }
    expect((await browser.ask('GET', '/api/session')).json().account).toMatchObject({ locale: 'en' });
  });

  it('is told by Sec-Fetch-Site where a browser names no origin; a program passes', async () => {
    await start();
    await signedIn();
    const bare = (headers: Record<string, string>) =>
      rig.app.inject({
        method: 'POST',
        url: '/api/accounts/sign-in',
        payload: ANN,
        headers: { host: 'localhost:8080', ...headers },
      });
    expect((await bare({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await bare({ 'sec-fetch-site': 'same-site' })).statusCode).toBe(403);
    expect((await bare({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200);
    expect((await bare({})).statusCode).toBe(200);
  });

  it('is none of the names that the server has', async () => {
    await start({ publicUrl: 'https://vigie.example' });
    await signedIn();
    for (const [host, origin] of [
      ['localhost:8080', 'http://localhost:8080'],
      ['192.168.1.20:8080', 'http://192.168.1.20:8080'],
      ['vigie.example', 'https://vigie.example'],
      ['10.0.0.5:8080', 'https://vigie.example'],
    ] as const)
      expect((await signIn(rig.browser({ headers: { host, origin } }))).statusCode).toBe(200);
  });
});

describe('what is sent', () => {
  const NASTY = [
    "' or '1'='1",
    '"; drop table "user"; --',
    '\\',
    '%',
    '\u0000',
    '{{7*7}}',
    '<script>',
    'x'.repeat(5000),
    '${1}',
  ];
  it('is never read as SQL, in any field', async () => {
    await start();
    await signedIn();
    for (const nasty of NASTY) {
      const browser = rig.browser();
      for (const [url, body] of [
        ['/api/accounts/sign-in', { email: nasty, password: nasty }],
        ['/api/accounts/sign-in', { email: ANN.email, password: nasty }],
        ['/api/accounts/sign-up', { email: nasty, password: nasty, locale: nasty }],
        ['/api/accounts/start', { email: nasty, locale: 'en' }],
        ['/api/accounts/verify', { flow: nasty, code: nasty }],
        ['/api/accounts/reset', { token: nasty, password: PASSWORD }],
        ['/api/accounts/link', { token: nasty }],
      ] as const) {
        const answer = await browser.ask('POST', url, body);
        expect([400, 401, 429]).toContain(answer.statusCode);
        expect(answer.headers['set-cookie']).toBeUndefined();
      }
    }
    rig.wait(3600);
    expect((await signIn(rig.browser())).statusCode).toBe(200);
    const odd = { email: "o'dd%_@example.org", password: '\'; drop table "session"; -- %_\\' };
    expect((await rig.browser().ask('POST', '/api/accounts/sign-up', { ...odd, locale: 'en' })).statusCode).toBe(200);
    expect((await signIn(rig.browser(), odd)).statusCode).toBe(200);
    expect((await signIn(rig.browser(), { ...odd, email: 'oodd%_@example.org' })).statusCode).toBe(401);
  });

  it('has no field that we do not know, and makes nobody an owner', async () => {
    await start();
    await signedIn();
    for (const extra of [{ isOwner: true }, { emailVerified: true }, { role: 'admin' }, { id: 'mine' }]) {
      const answer = await rig
        .browser()
        .ask('POST', '/api/accounts/sign-up', { email: 'eve@example.org', password: PASSWORD, locale: 'en', ...extra });
      expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'invalid']);
    }
  });

  it('needs ten characters of a new password, and says which field is wrong', async () => {
    await start();
    const answer = await rig
      .browser()
      .ask('POST', '/api/accounts/sign-up', { email: 'ann@example.org', password: 'too short', locale: 'en' });
    expect([answer.statusCode, Object.keys(answer.json().error.fields)]).toEqual([400, ['password']]);
  });

  it('Better Auth answers at no address of its own', async () => {
    await start();
    for (const url of ['/api/auth/sign-up/email', '/api/auth/get-session', '/api/auth/vigie/open-session'])
      expect((await rig.browser().ask('POST', url, {})).statusCode).toBe(404);
  });
});
