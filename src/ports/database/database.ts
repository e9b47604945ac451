/** A path or address enters; the open database leaves: one schema and one set of queries on SQLite and PostgreSQL. */
import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import type { DatabaseKind } from './kind.ts';
import type { Tables } from './schema.ts';

/**
 * Our tables behind Kysely. A plain SELECT sees what is committed; a transaction resolves when the disk has it.
 * Inside a transaction await nothing but its own queries: on SQLite every other writer waits meanwhile.
 */
export type Database = Kysely<Tables>;

export interface OpenDatabase {
  readonly db: Database;
  readonly kind: DatabaseKind;
  /** Lets what is under way end, then closes. */
  close(): Promise<void>;
}

/**
 * Opens the database at `postgres://…`, or the SQLite file of that path (made with its folder where missing).
 * Call `migrate` next.
 */
export async function openDatabase(urlOrPath: string): Promise<OpenDatabase> {
  const kind = /^postgres(ql)?:/.test(urlOrPath) ? 'postgres' : 'sqlite';
  const db = new Kysely<Tables>({ dialect: await dialectOf(kind, urlOrPath) });
  return { db, kind, close: () => db.destroy() };
}

async function dialectOf(kind: DatabaseKind, urlOrPath: string) {
  // Only the engine in use is loaded: it costs memory and start time.
  if (kind === 'postgres') return (await import('./postgres-dialect.ts')).postgresDialect(urlOrPath);
  mkdirSync(dirname(urlOrPath), { recursive: true, mode: 0o700 });
  keepFromOthers(urlOrPath);
  return (await import('./sqlite-dialect.ts')).sqliteDialect(urlOrPath);
}

/**
 * Whatever the folder lets others do, they do not read the file, nor -wal and -shm, which SQLite makes with its mode.
 * One that is there is not opened for it: closing it again would end the locks that this process has on it.
 * What cannot be done is left to SQLite, which says what is wrong with the path.
 */
function keepFromOthers(path: string): void {
  quietly(() => closeSync(openSync(path, 'wx', 0o600)));
  for (const file of [path, `${path}-wal`, `${path}-shm`])
    quietly(() => {
      if (statSync(file).isFile()) chmodSync(file, 0o600);
    });
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // Missing, another user's, or on a file system without modes.
  }
}

/** Whether a write failed because a row with that key is there already. */
export function isDuplicate(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === '23505' || errcode === 2067 || errcode === 1555;
}
