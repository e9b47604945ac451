/** Instants and flags enter as we use them; they leave as Better Auth's columns hold them on either engine, and back. */
import type { Database } from '../../ports/database/database.ts';
import { isPostgres } from '../../ports/database/kind.ts';

/** Milliseconds since 1970 → `timestamptz` on PostgreSQL, ISO 8601 text on SQLite (which sorts as time does). */
export function instant(db: Database, epochMillis: number): Date | string {
  const date = new Date(epochMillis);
  return isPostgres(db) ? date : date.toISOString();
}

/** Back to milliseconds since 1970. */
export function millisOf(column: Date | string): number {
  return new Date(column).getTime();
}

/** A boolean on PostgreSQL, 0 or 1 on SQLite. */
export function flag(db: Database, value: boolean): boolean | number {
  return isPostgres(db) ? value : Number(value);
}
