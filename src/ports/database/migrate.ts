/** A database of any earlier version enters; the same with all tables of this version leaves. */
import { type Migration, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';
import * as first from './migrations/0001-first.ts';

/** In order of their names; a released one is never changed. */
const MIGRATIONS: Record<string, Migration> = { '0001-first': first };

/**
 * Brings the tables up to this version; each migration is kept whole or not at all. Two processes that start at
 * once take turns.
 * @throws the database's own error, with the migration's name, where one fails.
 */
export async function migrate(db: Database): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  throw new Error(
    `The database could not be brought up to date${failed ? ` (${failed})` : ''}: ${error instanceof Error ? error.message : String(error)}`,
    {
      cause: error,
    },
  );
}
