/** Accounts that were erased enter, and stay until their pictures are off the disk for certain: a server that ends in between goes on there. */
import type { Database } from '../../ports/database/database.ts';

const PREFIX = 'erase:';

/** In the transaction that erases the account's rows. */
export async function noteErased(trx: Database, accountId: string, now: number): Promise<void> {
  await trx
    .insertInto('setting')
    .values({ key: PREFIX + accountId, value: String(now) })
    .execute();
}

/** Whose pictures may be there still, and since when (ms since 1970). */
export async function erasedAccounts(
  db: Database,
): Promise<{ readonly accountId: string; readonly erasedAt: number }[]> {
  const rows = await db.selectFrom('setting').select(['key', 'value']).where('key', 'like', `${PREFIX}%`).execute();
  return rows.map(({ key, value }) => ({ accountId: key.slice(PREFIX.length), erasedAt: Number(value) }));
}

export async function forgetErased(db: Database, accountId: string): Promise<void> {
  await db
    .deleteFrom('setting')
    .where('key', '=', PREFIX + accountId)
    .execute();
}
