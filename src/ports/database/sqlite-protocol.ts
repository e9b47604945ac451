/** What is said between the thread that asks (`sqlite-client.ts`) and the one that holds the file (`sqlite-worker.js`). */

/** A value that SQLite stores as it is. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

/** What one thread is opened for: the writer holds the only writing connection, the reader cannot write. */
export interface SqliteWorkerData {
  readonly path: string;
  readonly mode: 'writer' | 'reader';
}

/**
 * One thing to do, in the order of arrival. The writer's logical transactions (`tx`) are savepoints of one
 * outer transaction, which `commit` ends with the disk's confirmation.
 */
export type SqliteRequest =
  /** A statement; `tx` null: outside a logical transaction (on the reader, or a write that is atomic by itself). */
  | {
      readonly op: 'run';
      readonly tx: number | null;
      readonly sql: string;
      readonly parameters: readonly SqliteValue[];
    }
  | { readonly op: 'enter'; readonly tx: number }
  | { readonly op: 'leave'; readonly tx: number; readonly keep: boolean }
  | { readonly op: 'commit' }
  /** Empties the log into the file, at once or after the commit that is due; not where somebody reads all the while. */
  | { readonly op: 'empty-log' }
  | { readonly op: 'close' };

export interface SqliteRows {
  readonly rows: Record<string, unknown>[];
  /** Rows inserted, changed or deleted. */
  readonly changes: number;
  readonly lastInsertRowid: number | bigint;
}

/** Why a request failed; `errcode` is SQLite's extended result code, null where the failure is not SQLite's. */
export interface SqliteFailure {
  readonly message: string;
  readonly errcode: number | null;
}

/** A request on its way; several go in one message, and so do their replies. */
export interface SqliteQuestion {
  readonly id: number;
  readonly request: SqliteRequest;
}

export interface SqliteReply {
  readonly id: number;
  readonly result: SqliteRows | null;
  readonly failure: SqliteFailure | null;
}
