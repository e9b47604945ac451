/** An empty database enters; it must do what the features rely on. Every adapter passes this. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, isDuplicate, type OpenDatabase, openDatabase } from './database.ts';
import { migrate } from './migrate.ts';

/** @param fresh gives the address of a new, empty database at each call */
export function databaseContract(name: string, fresh: () => Promise<string>): void {
  describe(`the database contract, ${name}`, () => {
    let url: string;
    let opened: OpenDatabase;
    let db: Database;
    let keys = 0;
    const key = () => `key ${++keys}`;
    const valueOf = async (of: string) =>
      (await db.selectFrom('setting').select('value').where('key', '=', of).executeTakeFirst())?.value;
    const put = (to: Database, at: string, value: string) =>
      to.insertInto('setting').values({ key: at, value }).execute();

    beforeAll(async () => {
      url = await fresh();
      opened = await openDatabase(url);
      db = opened.db;
      await migrate(db);
    });
    afterAll(() => opened.close());

    test('has every table of the schema; migrating again changes nothing', async () => {
      await migrate(db);
      const tables = (await db.introspection.getTables()).map((table) => table.name).sort();
      expect(tables).toEqual([
        'account',
        'camera',
        'clipPart',
        'delivery',
        'event',
        'mailbox',
        'rateLimit',
        'session',
        'setting',
        'user',
        'verification',
      ]);
    });

    test('two processes that migrate a new database at once take turns', async () => {
      const other = await fresh();
      const both = await Promise.all([openDatabase(other), openDatabase(other)]);
      try {
        await Promise.all(both.map(({ db: one }) => migrate(one)));
        expect(await both[0].db.selectFrom('setting').selectAll().execute()).toEqual([]);
      } finally {
        await Promise.all(both.map((one) => one.close()));
      }
    });

    test('what a transaction wrote is there when it resolves, and was not before', async () => {
      const at = key();
      await db.transaction().execute(async (trx) => {
        await put(trx, at, 'kept');
        expect(await trx.selectFrom('setting').select('value').where('key', '=', at).execute()).toEqual([
          { value: 'kept' },
        ]);
        expect(await valueOf(at)).toBeUndefined();
      });
      expect(await valueOf(at)).toBe('kept');
    });

    test('a transaction that throws leaves nothing, its neighbours everything', async () => {
      const names = Array.from({ length: 60 }, key);
      const outcomes = await Promise.allSettled(
        names.map((at, index) =>
          db.transaction().execute(async (trx) => {
            await put(trx, at, 'first');
            if (index % 3 === 0) throw new Error('changed its mind');
            if (index % 3 === 1) await put(trx, at, 'again');
          }),
        ),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(
        names.map((_, index) => (index % 3 === 2 ? 'fulfilled' : 'rejected')),
      );
      const kept = await Promise.all(names.map(valueOf));
      expect(kept).toEqual(names.map((_, index) => (index % 3 === 2 ? 'first' : undefined)));
    });

    test('transactions see each other whole: a counter counts', async () => {
      const at = key();
      await put(db, at, '0');
      const add = () =>
        db
          .updateTable('setting')
          .set({ value: sql<string>`cast(cast(value as integer) + 1 as text)` })
          .where('key', '=', at)
          .execute();
      await Promise.all(Array.from({ length: 50 }, add));
      expect(await valueOf(at)).toBe('50');
    });

    test('a key that is there already is told from other errors', async () => {
      const at = key();
      await put(db, at, 'one');
      const again = await put(db, at, 'two').catch((error: unknown) => error);
      expect(isDuplicate(again)).toBe(true);
      const wrong = await sql`select nothing from nowhere`.execute(db).catch((error: unknown) => error);
      expect(wrong).toBeInstanceOf(Error);
      expect(isDuplicate(wrong)).toBe(false);
    });

    test('says how many rows changed, and gives them back', async () => {
      const at = key();
      const insert = () =>
        db
          .insertInto('setting')
          .values({ key: at, value: 'x' })
          .onConflict((conflict) => conflict.column('key').doNothing())
          .executeTakeFirst();
      expect((await insert()).numInsertedOrUpdatedRows).toBe(1n);
      expect((await insert()).numInsertedOrUpdatedRows).toBe(0n);
      const updated = await db
        .updateTable('setting')
        .set({ value: 'y' })
        .where('key', '=', at)
        .returningAll()
        .execute();
      expect(updated).toEqual([{ key: at, value: 'y' }]);
      expect(
        (await db.updateTable('setting').set({ value: 'z' }).where('key', '=', 'none').executeTakeFirst())
          .numUpdatedRows,
      ).toBe(0n);
      expect((await db.deleteFrom('setting').where('key', '=', at).executeTakeFirst()).numDeletedRows).toBe(1n);
    });

    test('whole numbers of 53 bits, fractions, counts and sums are numbers; text is kept letter by letter', async () => {
      await person('numbers');
      await camera('numbers-camera', 'numbers');
      const big = Number.MAX_SAFE_INTEGER;
      const odd = 'é\u{1F3E0} " \' ; -- \\ \n';
      await db
        .insertInto('event')
        .values({ ...anEvent('numbers-camera', 'e', 'numbers'), startedAt: big, score: 0.1, timeZone: odd })
        .execute();
      const row = await db
        .selectFrom('event')
        .selectAll()
        .where('cameraId', '=', 'numbers-camera')
        .executeTakeFirstOrThrow();
      expect(row).toMatchObject({ startedAt: big, score: 0.1, timeZone: odd, clipParts: 0, endedAt: null });
      const count = await db
        .selectFrom('event')
        .select((of) => [
          of.fn.countAll().as('all'),
          of.fn.sum('startedAt').as('sum'),
          of.fn.max('startedAt').as('max'),
        ])
        .where('cameraId', '=', 'numbers-camera')
        .executeTakeFirstOrThrow();
      expect(count).toEqual({ all: 1, sum: big, max: big });
    });

    test('what belongs to a row goes with it; what belongs to none is refused', async () => {
      await person('leaving');
      await camera('leaving-camera', 'leaving');
      await db
        .insertInto('event')
        .values(anEvent('leaving-camera', 'e', 'leaving'))
        .execute();
      await db
        .insertInto('clipPart')
        .values({ cameraId: 'leaving-camera', eventId: 'e', n: 0, bytes: 1, sha256: '', arrivedAt: 0 })
        .execute();
      await expect(
        db
          .insertInto('event')
          .values(anEvent('no-camera', 'e', 'leaving'))
          .execute(),
      ).rejects.toThrow(/foreign key/i);
      await db.deleteFrom('user').where('id', '=', 'leaving').execute();
      expect(await db.selectFrom('clipPart').selectAll().where('cameraId', '=', 'leaving-camera').execute()).toEqual(
        [],
      );
    });

    test('rows are compared as places, many parameters pass, times and flags of accounts come back', async () => {
      await person('places');
      await camera('places-camera', 'places');
      await db
        .insertInto('event')
        .values(
          Array.from({ length: 9 }, (_, i) => ({
            ...anEvent('places-camera', `e${i}`, 'places'),
            startedAt: Math.floor(i / 3),
          })),
        )
        .execute();
      const before = await db
        .selectFrom('event')
        .select('id')
        .where('cameraId', '=', 'places-camera')
        .where(sql<boolean>`("startedAt", "id") < (${1}, ${'e4'})`)
        .orderBy('startedAt', 'desc')
        .orderBy('id', 'desc')
        .execute();
      expect(before.map(({ id }) => id)).toEqual(['e3', 'e2', 'e1', 'e0']);
      const many = Array.from({ length: 300 }, (_, i) => `e${i}`);
      expect(
        (
          await db
            .selectFrom('event')
            .select('id')
            .where('cameraId', '=', 'places-camera')
            .where('id', 'in', many)
            .execute()
        ).length,
      ).toBe(9);
      const user = await db.selectFrom('user').selectAll().where('id', '=', 'places').executeTakeFirstOrThrow();
      expect([Boolean(user.emailVerified), Boolean(user.isOwner), new Date(user.createdAt).getTime()]).toEqual([
        true,
        false,
        86_400_000,
      ]);
    });

    test('what was committed is there after closing and opening', async () => {
      const at = key();
      await put(db, at, 'stays');
      await opened.close();
      opened = await openDatabase(url);
      db = opened.db;
      await migrate(db);
      expect(await valueOf(at)).toBe('stays');
    });

    async function person(id: string): Promise<void> {
      const at = new Date(86_400_000);
      const [yes, no] = opened.kind === 'postgres' ? [true, false] : [1, 0];
      await db
        .insertInto('user')
        .values({
          id,
          name: id,
          email: id,
          emailVerified: yes,
          image: null,
          createdAt: date(at),
          updatedAt: date(at),
          locale: null,
          isOwner: no,
        })
        .execute();
    }
    const date = (at: Date) => (opened.kind === 'postgres' ? at : at.toISOString());
    async function camera(id: string, accountId: string): Promise<void> {
      await db
        .insertInto('camera')
        .values({
          id,
          accountId,
          name: id,
          publicKey: '',
          settings: '{}',
          createdAt: 0,
          lastSeenAt: null,
          revokedAt: null,
        })
        .execute();
    }
  });
}

function anEvent(cameraId: string, id: string, accountId: string) {
  const nothing = {
    endedAt: null,
    photoBytes: null,
    photoSha256: null,
    clipType: null,
    clipLast: null,
    continues: null,
    deletedAt: null,
    mediaRemovedAt: null,
  };
  return {
    ...nothing,
    cameraId,
    id,
    accountId,
    kind: 'intrusion',
    startedAt: 0,
    receivedAt: 0,
    clockOffset: 0,
    timeZone: 'UTC',
    score: 0,
    reason: '{}',
    boxes: '[]',
  };
}
