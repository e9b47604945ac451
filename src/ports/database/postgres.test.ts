import { Kysely } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { holdable } from '../../../test/kit/held-database.ts';
import { startPostgres, type TestPostgres } from '../../../test/kit/postgres.ts';
import { databaseContract } from './contract.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { postgresDialect } from './postgres-dialect.ts';
import type { Tables } from './schema.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

databaseContract('PostgreSQL', () => postgres.freshDatabase());

test('goes on after PostgreSQL was started anew; what it acknowledged is there', async () => {
  const { db, close } = await openDatabase(await postgres.freshDatabase());
  await migrate(db);
  await db.insertInto('setting').values({ key: 'a', value: '1' }).execute();
  await postgres.crashAndRestart();
  const read = async () => db.selectFrom('setting').select('value').execute();
  const first = await read().catch(() => null);
  expect(first ?? (await read())).toEqual([{ value: '1' }]);
  await close();
});

test('a connection in the middle of a transaction when PostgreSQL dies fails that transaction, and nothing else', async () => {
  const { db, close } = await openDatabase(await postgres.freshDatabase());
  await migrate(db);
  const write = db.transaction().execute(async (trx) => {
    await trx.insertInto('setting').values({ key: 'half', value: '1' }).execute();
    // Between two queries: the connection is neither idle in the pool nor waiting for an answer.
    await postgres.crashAndRestart();
    await trx.insertInto('setting').values({ key: 'whole', value: '1' }).execute();
  });
  await expect(write).rejects.toThrow(/terminat|connection/i);
  expect(await db.selectFrom('setting').select('key').execute()).toEqual([]);
  await close();
});

test('a query that nobody answers fails in bounded time, its transaction with it; the next one has a new connection', async () => {
  const held = await holdable(await postgres.freshDatabase());
  const db = new Kysely<Tables>({ dialect: postgresDialect(held.url, 500) });
  await migrate(db);
  const write = db.transaction().execute(async (trx) => {
    await trx.insertInto('setting').values({ key: 'half', value: '1' }).execute();
    held.hold();
    await trx.insertInto('setting').values({ key: 'whole', value: '1' }).execute();
  });
  await expect(write).rejects.toThrow(/does not answer|terminat|connection/i);
  held.release();
  expect(await db.selectFrom('setting').select('key').execute()).toEqual([]);
  await db.destroy();
  await held.close();
});
