/** A database whose rows were erased enters; what they held is off the disk. */
import { sql } from 'kysely';
import type { Database } from './database.ts';
import { isPostgres } from './kind.ts';

/** The statement by which SQLite's adapter knows what is asked: it must wait for the commit that is under way. */
export const EMPTY_LOG = 'PRAGMA wal_checkpoint(TRUNCATE)';

/**
 * What was erased is written over in the file; its log still holds it until it is emptied. Where another program reads
 * all the while, it stays until the next call, or until the file is closed. PostgreSQL does as it is set up to.
 * Outside a transaction.
 */
export async function settleErased(db: Database): Promise<void> {
  if (!isPostgres(db)) await sql.raw(EMPTY_LOG).execute(db);
}
