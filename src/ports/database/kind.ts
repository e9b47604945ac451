/** A Kysely instance enters; which engine it speaks to leaves. */
import { type Kysely, PostgresAdapter } from 'kysely';

export type DatabaseKind = 'sqlite' | 'postgres';

/** Whether `db` is PostgreSQL; for the few things that the two engines spell differently. */
export function isPostgres<T>(db: Kysely<T>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
