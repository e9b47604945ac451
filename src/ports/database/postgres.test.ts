import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type TestPostgres } from '../../../test/kit/postgres.ts';
import { databaseContract } from './contract.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';

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
