import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsRig, accountsRig } from '../../../test/kit/accounts.ts';
import { erasedAccounts } from './erased.ts';

const PASSWORD = 'a lantern in the attic';
let rig: AccountsRig;
beforeEach(async () => {
  rig = await accountsRig();
});
afterEach(() => rig.close());
const signedIn = async (email = 'ann@example.org', how: 'sign-up' | 'start' = 'sign-up') => {
  const browser = rig.browser({ headers: { 'user-agent': 'Test/1' } });
  await browser.ask('POST', `/api/accounts/${how}`, {
    email,
    locale: 'en',
    ...(how === 'sign-up' && { password: PASSWORD }),
  });
  return browser;
};
const signIn = async (password = PASSWORD) => {
  const browser = rig.browser();
  const answer = await browser.ask('POST', '/api/accounts/sign-in', { email: 'ann@example.org', password });
  return { browser, status: answer.statusCode };
};
const accountId = async (email: string) =>
  (await rig.db.selectFrom('user').select('id').where('email', '=', email).executeTakeFirstOrThrow()).id;

/** A camera with one event, its photo, two clip parts, a delivery and a mail. */
async function addCamera(email: string, cameraId: string) {
  const owner = await accountId(email);
  const common = { accountId: owner, createdAt: 1, lastSeenAt: null };
  await rig.db
    .insertInto('camera')
    .values({
      ...common,
      id: cameraId,
      name: "O'Hall",
      publicKey: '{}',
      settings: '{"streaming":true}',
      revokedAt: null,
    })
    .execute();
  await rig.db
    .insertInto('event')
    .values({
      cameraId,
      id: 'e',
      accountId: owner,
      kind: 'intrusion',
      startedAt: 1_700_000_000_000,
      endedAt: null,
      receivedAt: 2,
      timeZone: 'Europe/Paris',
      score: 0.1,
      reason: '{"code":"person"}',
      boxes: '[]',
      photoBytes: 1000,
      photoSha256: 'x',
      clipType: 'video/mp4',
      clockOffset: 0,
      deletedAt: null,
      mediaRemovedAt: null,
    })
    .execute();
  for (const n of [0, 1])
    await rig.db
      .insertInto('clipPart')
      .values({ cameraId, eventId: 'e', n, bytes: 500, sha256: 'x', arrivedAt: 3 })
      .execute();
}

describe('sessions', () => {
  it('are listed without their secrets, and end one by one or all but this', async () => {
    const first = await signedIn();
    const { browser: second } = await signIn();
    const { browser: third } = await signIn();
    const listed = (await first.ask('GET', '/api/account/sessions')).json().sessions;
    expect(listed).toHaveLength(3);
    expect(listed.filter((one: { isThisOne: boolean }) => one.isThisOne)).toMatchObject([{ userAgent: 'Test/1' }]);
    for (const browser of [first, second, third])
      for (const value of browser.cookies.values())
        expect(JSON.stringify(listed)).not.toContain(decodeURIComponent(value).split('.')[0]);
    const mine = (await second.ask('GET', '/api/account/sessions'))
      .json()
      .sessions.find((one: { isThisOne: boolean }) => one.isThisOne);
    expect((await first.ask('DELETE', `/api/account/sessions/${mine.id}`)).statusCode).toBe(204);
    expect((await second.ask('GET', '/api/account/sessions')).statusCode).toBe(401);
    expect((await first.ask('POST', '/api/account/sessions/end-others')).statusCode).toBe(204);
    expect((await third.ask('GET', '/api/account/sessions')).statusCode).toBe(401);
    expect((await first.ask('GET', '/api/account/sessions')).json().sessions).toHaveLength(1);
  });

  it('of somebody else cannot be ended by their id', async () => {
    const ann = await signedIn();
    const eve = await signedIn('eve@example.org');
    const { id } = (await ann.ask('GET', '/api/account/sessions')).json().sessions[0];
    await eve.ask('DELETE', `/api/account/sessions/${id}`);
    expect((await ann.ask('DELETE', '/api/account/sessions/%00')).statusCode).toBe(400);
    expect((await ann.ask('GET', '/api/account/sessions')).statusCode).toBe(200);
  });
});

describe('the password', () => {
  it('can be set later, by who has none', async () => {
    const browser = await signedIn('ann@example.org', 'start');
    expect((await signIn()).status).toBe(401);
    expect((await browser.ask('PUT', '/api/account/password', { password: PASSWORD })).statusCode).toBe(204);
    expect((await signIn()).status).toBe(200);
    expect((await browser.ask('GET', '/api/session')).json().account.hasPassword).toBe(true);
  });

  it('is changed only by who knows the old one, and ends the other sessions', async () => {
    const browser = await signedIn();
    const { browser: other } = await signIn();
    for (const current of [undefined, '', 'wrong'])
      expect(
        (await browser.ask('PUT', '/api/account/password', { current, password: 'the new one is longer' })).json().error
          .code,
      ).toBe('wrong-password');
    expect(
      (await browser.ask('PUT', '/api/account/password', { current: PASSWORD, password: 'the new one is longer' }))
        .statusCode,
    ).toBe(204);
    expect((await other.ask('GET', '/api/account/sessions')).statusCode).toBe(401);
    expect((await browser.ask('GET', '/api/account/sessions')).statusCode).toBe(200);
    expect([(await signIn()).status, (await signIn('the new one is longer')).status]).toEqual([401, 200]);
  });
});

describe('the language', () => {
  it('follows the switch', async () => {
    const browser = await signedIn();
    expect((await browser.ask('POST', '/api/session/locale', { locale: 'fr' })).json()).toEqual({ locale: 'fr' });
    expect((await browser.ask('GET', '/api/session')).json().account.locale).toBe('fr');
    expect((await browser.ask('POST', '/api/session/locale', { locale: 'de' })).statusCode).toBe(400);
  });
});

describe('data', () => {
  it('storage counts what is kept, and tells the folder to the owner only', async () => {
    const owner = await signedIn();
    const other = await signedIn('bob@example.org');
    await addCamera('bob@example.org', 'c');
    expect((await owner.ask('GET', '/api/account/storage')).json()).toEqual({
      events: 0,
      bytes: 0,
      retentionDays: 30,
      folder: expect.stringContaining('vigie-accounts-'),
    });
    expect((await other.ask('GET', '/api/account/storage')).json()).toEqual({
      events: 1,
      bytes: 2000,
      retentionDays: 30,
      folder: null,
    });
  });

  it('the export holds one account and no secret', async () => {
    const browser = await signedIn();
    await signedIn('bob@example.org');
    await addCamera('ann@example.org', 'mine');
    await addCamera('bob@example.org', 'theirs');
    const answer = await browser.ask('GET', '/api/account/export');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="vigie-export.json"');
    expect(answer.json()).toMatchObject({
      version: 1,
      account: { email: 'ann@example.org', isOwner: true },
      sessions: [{ userAgent: 'Test/1', ipAddress: '203.0.113.7' }],
      cameras: [{ id: 'mine', name: "O'Hall", settings: { streaming: true } }],
      events: [{ cameraId: 'mine', startedAt: '2023-11-14T22:13:20.000Z', endedAt: null, reason: { code: 'person' } }],
    });
    for (const secret of ['bob@', 'theirs', 'argon2', 'token', 'publicKey']) expect(answer.body).not.toContain(secret);
  });

  it.each([
    ['by the password', 'sign-up', { password: 'wrong' }, 'wrong-password', { password: PASSWORD }],
    [
      'by its address, where it has no password',
      'start',
      { email: 'bob@example.org' },
      'wrong-address',
      { email: ' Ann@example.org' },
    ],
  ] as const)(
    'an account is erased %s, with all that is its own and nothing else',
    async (_how, how, wrong, code, right) => {
      const browser = await signedIn('ann@example.org', how);
      await signedIn('bob@example.org');
      await addCamera('ann@example.org', 'mine');
      await addCamera('bob@example.org', 'theirs');
      const id = await accountId('ann@example.org');
      expect((await browser.ask('DELETE', '/api/account', {})).statusCode).toBe(403);
      expect((await browser.ask('DELETE', '/api/account', wrong)).json().error.code).toBe(code);
      expect([rig.erased, rig.camerasErased]).toEqual([[], []]);
      expect((await browser.ask('DELETE', '/api/account', right)).statusCode).toBe(204);
      expect(rig.erased).toEqual([id]);
      expect(rig.camerasErased).toEqual([{ accountId: id, cameraIds: ['mine'] }]);
      expect((await browser.ask('GET', '/api/session')).json().account).toBeNull();
      for (const table of ['camera', 'event', 'session', 'account', 'user'] as const) {
        const column = { camera: 'accountId', event: 'accountId', session: 'userId', account: 'userId', user: 'id' }[
          table
        ];
        const rows = await rig.db.selectFrom(table).selectAll().execute();
        expect(rows.filter((row) => Reflect.get(row, column) === id)).toEqual([]);
        if (how === 'sign-up' || table !== 'account') expect(rows.length).toBeGreaterThan(0);
      }
      expect(
        (await rig.db.selectFrom('clipPart').select('cameraId').distinct().execute()).map((row) => row.cameraId),
      ).toEqual(['theirs']);
    },
  );

  it('an account whose pictures cannot be removed yet is noted, and erased all the same', async () => {
    const browser = await signedIn();
    const id = await accountId('ann@example.org');
    rig.failToErase(new Error('the disk is busy'));
    expect((await browser.ask('DELETE', '/api/account', { password: PASSWORD })).statusCode).toBe(204);
    expect(await erasedAccounts(rig.db)).toMatchObject([{ accountId: id }]);
  });

  it('when the last account went, the next one owns the server', async () => {
    const browser = await signedIn();
    await browser.ask('DELETE', '/api/account', { password: PASSWORD });
    const next = await signedIn('bob@example.org');
    expect((await next.ask('GET', '/api/session')).json().account.isOwner).toBe(true);
  });

  it('nothing of it is for who is not signed in', async () => {
    for (const [method, url] of [
      ['GET', '/api/account/sessions'],
      ['GET', '/api/account/storage'],
      ['GET', '/api/account/export'],
    ] as const)
      expect((await rig.browser().ask(method, url)).json().error.code).toBe('not-signed-in');
  });
});
