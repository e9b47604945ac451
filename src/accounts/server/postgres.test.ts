/** The same accounts on PostgreSQL: what the two engines could do differently. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AccountsRig, accountsRig } from '../../../test/kit/accounts.ts';
import { startPostgres, type TestPostgres } from '../../../test/kit/postgres.ts';
import { createSweeping } from './sweeping.ts';

const PASSWORD = 'a lantern in the attic';
let postgres: TestPostgres;
let rig: AccountsRig;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  rig = await accountsRig({ databaseUrl: await postgres.freshDatabase() });
});
afterEach(() => rig.close());
const signUp = (email: string) =>
  rig.browser().ask('POST', '/api/accounts/sign-up', { email, password: PASSWORD, locale: 'fr' });

it('of many first accounts made at once, one owns the server; of two for one address, one is made', async () => {
  const statuses = await Promise.all(
    ['a', 'a', 'b', 'c', 'd', 'e'].map(async (name) => (await signUp(`${name}@example.org`)).statusCode),
  );
  expect(statuses.toSorted()).toEqual([200, 200, 200, 200, 200, 409]);
  const people = await rig.db.selectFrom('user').select(['email', 'isOwner']).execute();
  expect(people).toHaveLength(5);
  expect(people.filter(({ isOwner }) => isOwner)).toHaveLength(1);
});

it('a session lives, is listed and ends; the password changes; the account goes', async () => {
  const browser = rig.browser();
  await browser.ask('POST', '/api/accounts/sign-up', { email: 'ann@example.org', password: PASSWORD, locale: 'fr' });
  expect((await browser.ask('GET', '/api/session')).json().account).toEqual({
    id: expect.any(String),
    email: 'ann@example.org',
    locale: 'fr',
    isOwner: true,
    emailVerified: false,
    hasPassword: true,
  });
  const other = rig.browser();
  await other.ask('POST', '/api/accounts/sign-in', { email: 'ann@example.org', password: PASSWORD });
  const { sessions } = (await browser.ask('GET', '/api/account/sessions')).json();
  expect(sessions).toHaveLength(2);
  expect(Math.abs(sessions[0].createdAt - Date.now())).toBeLessThan(60_000);
  await browser.ask('PUT', '/api/account/password', { current: PASSWORD, password: 'the new one is longer' });
  expect((await other.ask('GET', '/api/account/sessions')).statusCode).toBe(401);
  expect((await browser.ask('GET', '/api/account/export')).json().account).toMatchObject({ email: 'ann@example.org' });
  expect((await browser.ask('GET', '/api/account/storage')).json()).toMatchObject({ events: 0, bytes: 0 });
  expect((await browser.ask('DELETE', '/api/account', { password: 'the new one is longer' })).statusCode).toBe(204);
  expect(await rig.db.selectFrom('user').selectAll().execute()).toEqual([]);
});

it('codes, links and limits count and expire', async () => {
  rig.setMail('smtp');
  const { flow } = (await signUp('ann@example.org')).json();
  const verify = (code: string) => rig.browser().ask('POST', '/api/accounts/verify', { flow, code });
  const code = await rig.code('ann@example.org');
  expect((await verify(code === '000000' ? '000001' : '000000')).json().error.code).toBe('code-wrong');
  expect((await verify(code)).json().next).toBe('in');
  expect((await verify(code)).json().error.code).toBe('code-expired');
  await rig.browser().ask('POST', '/api/accounts/forgot', { email: 'ann@example.org' });
  const token = String((await rig.mails()).at(-1)?.payload.url).split('=')[1];
  rig.wait(31 * 60);
  expect((await rig.browser().ask('POST', '/api/accounts/reset', { token, password: PASSWORD })).statusCode).toBe(410);
  const signIn = (password: string) =>
    rig.browser().ask('POST', '/api/accounts/sign-in', { email: 'ann@example.org', password });
  for (let n = 0; n < 8; n++) expect((await signIn('wrong')).statusCode).toBe(401);
  const refused = await signIn(PASSWORD);
  expect(refused.statusCode).toBe(429);
  rig.wait(Number(refused.headers['retry-after']));
  expect((await signIn(PASSWORD)).statusCode).toBe(200);
});

it('a place is known while a session from there lives; what has expired is swept', async () => {
  await rig
    .browser({ ip: '::ffff:192.0.2.9' })
    .ask('POST', '/api/accounts/sign-up', { email: 'ann@example.org', password: PASSWORD, locale: 'fr' });
  const { knows } = rig.accounts.inner.sessions;
  expect(await knows('ann@example.org', '::ffff:192.0.2.9')).toBe(true);
  const sweeping = (days: number) =>
    createSweeping({
      db: rig.db,
      clock: { now: () => Date.now() + days * 86_400_000 },
      eraseMedia: async () => undefined,
      onError: () => {},
    });
  expect(await sweeping(0).run()).toEqual({ tries: 0, sessions: 0 });
  expect(await sweeping(91).run()).toEqual({ tries: 1, sessions: 1 });
  expect(await knows('ann@example.org', '::ffff:192.0.2.9')).toBe(false);
});

it('takes text that no column holds as a wrong password', async () => {
  for (const nasty of ["' or '1'='1", '\u0000@example.org', 'ann@example.org\u0000', '\ud800@example.org'])
    expect(
      (await rig.browser().ask('POST', '/api/accounts/sign-in', { email: nasty, password: nasty })).statusCode,
    ).toBe(401);
});
