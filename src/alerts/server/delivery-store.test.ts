/** The outbox and its rows on both engines. */
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type AlertsUnderTest, alertsUnderTest, CAMERA } from '../../../test/kit/alerts.ts';
import { startPostgres, type TestPostgres } from '../../../test/kit/postgres.ts';
import { type MailServer, startMailServer } from '../../../test/kit/smtp.ts';
import { MAILS_PER_ACCOUNT } from '../../mail/server/mailbox.ts';

let postgres: TestPostgres;
let server: MailServer;
beforeAll(async () => {
  postgres = await startPostgres();
  server = await startMailServer();
});
afterAll(async () => {
  await server.close();
  await postgres.stop();
});

describe.each(['SQLite', 'PostgreSQL'])('deliveries on %s', (engine) => {
  let test: AlertsUnderTest;
  const begin = async (config: { SMTP_URL?: string }) => {
    test = await alertsUnderTest(config, engine === 'PostgreSQL' ? await postgres.freshDatabase() : undefined);
  };
  afterEach(() => test.close());

  const queue = (change: { recipient?: string; kind?: 'known' | 'test'; notBefore?: number } = {}) =>
    test.alerts.deliveries.queueDelivery(test.db, {
      accountId: ACCOUNT.id,
      recipient: ACCOUNT.email,
      locale: 'fr',
      kind: 'test',
      payload: {},
      ...change,
    });
  const state = async (id: string) =>
    (await test.db.selectFrom('delivery').select('state').where('id', '=', id).executeTakeFirst())?.state;

  describe('as rows', () => {
    beforeEach(() => begin({}));

    it('fall due by urgency, then by time, but not to an address that is busy', async () => {
      const { store } = test.alerts;
      const now = test.clock.now();
      const later = await queue({ notBefore: now + 10 });
      const second = await queue({ notBefore: now - 10 });
      const first = await queue({ notBefore: now - 20, recipient: 'other@example.org' });
      const alarm = (await test.db.transaction().execute(async (trx) =>
        test.alerts.deliveries.queueDelivery(trx, {
          ...ACCOUNT,
          accountId: ACCOUNT.id,
          recipient: ACCOUNT.email,
          kind: 'alarm',
          payload: { cameraName: CAMERA.name, startedAt: now, timeZone: 'UTC' },
        }),
      )) as string;
      const ids = async (busy: string[] = []) => (await store.due(now, 10, busy)).map(({ id }) => id);
      expect(await ids()).toEqual([alarm, first, second]);
      expect(await ids([ACCOUNT.email])).toEqual([first]);
      expect(await store.nextDueAt(now)).toBe(now + 10);
      expect(await store.nextDueAt(now + 10)).toBeNull();
      expect(later).not.toBe(second);
    });

    it('are claimed by one, however many ask', async () => {
      const id = await queue();
      const claims = await Promise.all(Array.from({ length: 8 }, () => test.alerts.store.claim(id)));
      expect(claims.filter((row) => row !== null)).toEqual([
        expect.objectContaining({ id, state: 'sending', attempts: 1 }),
      ]);
    });

    it('reach the dot once, and not after they were withdrawn', async () => {
      const { store } = test.alerts;
      const [id, gone] = [await queue(), await queue()];
      await store.claim(id);
      await store.claim(gone);
      await test.db.deleteFrom('delivery').where('id', '=', gone).execute();
      expect(await Promise.all([store.commitAtDot(id), store.commitAtDot(gone)])).toEqual([true, false]);
      expect(await store.commitAtDot(id)).toBe(false);
      expect(await state(id)).toBe('at-dot');
      expect((await store.interrupted()).map((row) => row.id)).toEqual([id]);
    });

    it('say why they wait', async () => {
      const { store } = test.alerts;
      await queue();
      const row = await store.claim(await queue());
      if (row === null) throw new Error('not claimed');
      expect(await store.waiting()).toEqual({ count: 2, trouble: null });
      await store.again(row, row.nextAttemptAt, { code: 'tls', text: 'x'.repeat(2000) }, { attempts: 0 });
      await store.heldBack(test.clock.now(), { code: 'tls', text: null });
      expect(await store.waiting()).toMatchObject({ count: 2, trouble: { code: 'tls' } });
      const all = await test.db.selectFrom('delivery').select(['state', 'errorCode', 'errorText']).execute();
      expect(all.map(({ errorCode }) => errorCode)).toEqual(['tls', 'tls']);
      expect(Math.max(...all.map(({ errorText }) => errorText?.length ?? 0))).toBe(500);
    });

    it('are released by a photo that came while nobody could be told', async () => {
      const event = await test.intrusion();
      await test.alerts.outbox.idle();
      const now = test.clock.now();
      await test.alerts.store.releasePhotographed(now);
      expect(await test.alerts.store.due(now, 10, [])).toEqual([]);
      await test.db.updateTable('event').set({ photoBytes: 5 }).where('id', '=', event).execute();
      await test.alerts.store.releasePhotographed(now);
      expect((await test.alerts.store.due(now, 10, [])).map(({ eventId }) => eventId)).toEqual([event]);
    });

    it('stay in the app where no mail server is set, the newest of them', async () => {
      const old = (n: number) => ({
        id: uuidv7(),
        accountId: ACCOUNT.id,
        subject: 'old',
        receivedAt: n,
        source: '',
        payload: '{"text":"","link":null,"photoUrl":null}',
      });
      await test.db
        .insertInto('mailbox')
        .values(Array.from({ length: MAILS_PER_ACCOUNT + 3 }, (_, n) => old(n)))
        .execute();
      await queue({ kind: 'known' });
      test.alerts.deliveries.wake();
      await test.alerts.outbox.idle();
      const mails = await test.alerts.mailbox.list(ACCOUNT.id);
      expect(mails).toHaveLength(MAILS_PER_ACCOUNT);
      expect(mails[0]).toMatchObject({ subject: 'Vous avez déjà un compte Vigie', link: '/', photoUrl: null });
      expect(mails.at(-1)?.receivedAt).toBe(4);
      expect(test.errors).toEqual([]);
    });
  });

  it('arrive by mail', async () => {
    await begin({ SMTP_URL: server.url });
    const before = server.mails.length;
    const id = await queue();
    test.alerts.deliveries.wake();
    await server.received(before + 1);
    await test.alerts.outbox.idle();
    expect(await state(id)).toBe('sent');
    expect(test.errors).toEqual([]);
  });
});
