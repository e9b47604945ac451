/** Kysely's queries enter; rows of a SQLite file leave. Reading and writing each have a thread, so neither waits for the other. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { GroupCommit, type LogicalTransaction } from './group-commit.ts';
import { EMPTY_LOG } from './settle.ts';
import { SqliteClient } from './sqlite-client.ts';
import type { SqliteRows, SqliteValue } from './sqlite-protocol.ts';

const NOTHING: SqliteRows = { rows: [], changes: 0, lastInsertRowid: 0 };

/** The dialect of one SQLite file at `path`. */
export function sqliteDialect(path: string): Dialect {
  return {
    createAdapter: () => new TransactionalSqliteAdapter(),
    createDriver: () => new ThreadDriver(path),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** SQLite undoes a CREATE TABLE with its transaction, so that a migration is whole or not at all. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class ThreadDriver implements Driver {
  readonly #path: string;
  #writer: SqliteClient | undefined;
  #reader: SqliteClient | undefined;
  #turns: GroupCommit | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async init(): Promise<void> {
    const writer = new SqliteClient({ path: this.#path, mode: 'writer' });
    // The first answer says that the file exists in WAL mode, which the reader needs.
    await writer.send({ op: 'run', tx: null, sql: 'PRAGMA user_version', parameters: [] });
    this.#writer = writer;
    this.#turns = new GroupCommit((request) => writer.send(request));
    this.#reader = new SqliteClient({ path: this.#path, mode: 'reader' });
  }

  async acquireConnection(): Promise<ThreadConnection> {
    if (!this.#turns || !this.#reader) throw new Error('The database is not open.');
    return new ThreadConnection(this.#turns, this.#reader);
  }

  beginTransaction(connection: ThreadConnection): Promise<void> {
    return connection.begin();
  }

  commitTransaction(connection: ThreadConnection): Promise<void> {
    return connection.commit();
  }

  rollbackTransaction(connection: ThreadConnection): Promise<void> {
    return connection.rollback();
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    await this.#reader?.close();
    await this.#writer?.close();
  }
}

class ThreadConnection implements DatabaseConnection {
  readonly #turns: GroupCommit;
  readonly #reader: SqliteClient;
  #transaction: LogicalTransaction | null = null;

  constructor(turns: GroupCommit, reader: SqliteClient) {
    this.#turns = turns;
    this.#reader = reader;
  }

  async begin(): Promise<void> {
    this.#transaction = await this.#turns.begin();
  }

  async commit(): Promise<void> {
    const transaction = this.#transaction;
    this.#transaction = null;
    await transaction?.commit();
  }

  async rollback(): Promise<void> {
    const transaction = this.#transaction;
    this.#transaction = null;
    await transaction?.rollback();
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes, lastInsertRowid } = await this.#rowsOf(query);
    return {
      rows: rows as R[],
      ...(isRead(query) ? {} : { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }),
    };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  #rowsOf(query: CompiledQuery): Promise<SqliteRows> {
    const parameters = query.parameters.map(toSqliteValue);
    if (this.#transaction) return this.#transaction.run(query.sql, parameters);
    if (query.sql === EMPTY_LOG) return this.#turns.emptyLog().then(() => NOTHING);
    if (isRead(query)) return this.#reader.send({ op: 'run', tx: null, sql: query.sql, parameters });
    return this.#turns.write(query.sql, parameters);
  }
}

function isRead(query: CompiledQuery): boolean {
  return SelectQueryNode.is(query.query) || (query.query.kind === 'RawNode' && /^\s*select\b/i.test(query.sql));
}

/** SQLite has no booleans and no dates: 0/1 and ISO 8601 text, as Better Auth stores them. */
function toSqliteValue(value: unknown): SqliteValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  if (
    value === null ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'string' ||
    value instanceof Uint8Array
  )
    return value;
  throw new TypeError(`SQLite cannot store a value of type ${typeof value}.`);
}
