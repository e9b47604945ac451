// @ts-check
// Requests enter one by one; rows leave. Holds one SQLite connection and, for writing, its savepoints; runs in a worker thread.
//
// JavaScript with its types in comments: a thread that has to strip types first takes 14 MB more and starts later (measured).
import { DatabaseSync } from 'node:sqlite';

/**
 * @import { StatementSync } from 'node:sqlite'
 * @import { SqliteFailure, SqliteRequest, SqliteRows, SqliteValue, SqliteWorkerData } from './sqlite-protocol.ts'
 */

/** How long another process may hold the file before a statement fails, ms. */
const BUSY_MILLIS = 10_000;
/** Times that a transaction asks again for the lock after that. */
const BUSY_TRIES = 3;
const SQLITE_BUSY = 5;
/** Pause before asking again where SQLite answers "busy" at once instead of waiting, ms. */
const BUSY_PAUSE_MILLIS = 10;
/** How long the emptying of the log waits for who reads: nobody can write meanwhile, ms. */
const EMPTYING_MILLIS = 200;
const STATEMENTS_KEPT = 400;
/** @type {SqliteRows} */
const NOTHING = { rows: [], changes: 0, lastInsertRowid: 0 };

/** A connection that answers requests; `answer` throws what went wrong. */
export class SqliteConnection {
  #db;
  /** @type {Map<string, StatementSync>} */
  #statements = new Map();
  /** @type {number | null} */
  #tx = null;
  /**
   * Set when SQLite itself gave the outer transaction up (disk full, I/O error): nothing of it may be acknowledged.
   * @type {unknown}
   */
  #lost = null;
  /** Whether the log is to be emptied once no transaction is open. */
  #toEmpty = false;

  /**
   * Opens the file, made where it is missing if the mode is `writer`.
   * @param {SqliteWorkerData} data
   * @param {(millis: number) => void} pause blocks the thread
   */
  constructor({ path, mode }, pause = sleep) {
    this.#db = new DatabaseSync(path, {
      readOnly: mode === 'reader',
      timeout: BUSY_MILLIS,
      enableForeignKeyConstraints: true,
    });
    if (mode === 'writer') {
      this.#turnToWal(pause);
      this.#db.exec('PRAGMA synchronous = FULL');
      // What is deleted is written over, not only taken out of the tables.
      this.#db.exec('PRAGMA secure_delete = ON');
    }
    this.#db.exec('PRAGMA cache_size = -8000');
  }

  /**
   * Where another process writes at that moment, SQLite refuses the change to WAL without asking its busy handler: two
   * that waited for each other would wait for ever (sqlite.org/c3ref/busy_handler.html). Nothing is held here, so wait.
   * @param {(millis: number) => void} pause
   */
  #turnToWal(pause) {
    const deadline = performance.now() + BUSY_MILLIS;
    for (;;) {
      try {
        this.#db.exec('PRAGMA journal_mode = WAL');
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw error;
      }
      pause(BUSY_PAUSE_MILLIS);
    }
  }

  /**
   * @param {SqliteRequest} request
   * @returns {SqliteRows}
   */
  answer(request) {
    switch (request.op) {
      case 'run':
        return this.#run(request.tx, request.sql, request.parameters);
      case 'enter':
        return this.#enter(request.tx);
      case 'leave':
        return this.#leave(request.tx, request.keep);
      case 'commit':
        return this.#commit();
      case 'empty-log':
        this.#toEmpty = true;
        if (!this.#db.isTransaction) this.#emptyLog();
        return NOTHING;
      case 'close':
        this.#db.close();
        return NOTHING;
    }
  }

  /**
   * @param {number | null} tx
   * @param {string} sql
   * @param {readonly SqliteValue[]} parameters
   * @returns {SqliteRows}
   */
  #run(tx, sql, parameters) {
    if (tx !== null && tx !== this.#tx) throw this.#lost ?? new Error('This transaction has ended.');
    const changesSchema = /^\s*(create|alter|drop)\b/i.test(sql);
    if (changesSchema) this.#statements.clear();
    try {
      const statement = this.#statement(sql);
      if (statement.columns().length > 0) {
        const rows = statement.all(...parameters);
        return { rows, changes: rows.length, lastInsertRowid: 0 };
      }
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return { rows: [], changes: Number(changes), lastInsertRowid };
    } catch (error) {
      this.#noteLoss(error);
      throw error;
    } finally {
      if (changesSchema) this.#statements.clear();
    }
  }

  /** @param {string} sql */
  #statement(sql) {
    const known = this.#statements.get(sql);
    if (known) return known;
    const fresh = this.#db.prepare(sql);
    if (this.#statements.size >= STATEMENTS_KEPT) this.#statements.clear();
    this.#statements.set(sql, fresh);
    return fresh;
  }

  /** @param {number} tx */
  #enter(tx) {
    if (this.#lost) throw this.#lost;
    if (!this.#db.isTransaction) this.#begin();
    this.#db.exec('SAVEPOINT logical');
    this.#tx = tx;
    return NOTHING;
  }

  #begin() {
    for (let tried = 1; ; tried++) {
      try {
        this.#db.exec('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        if (!isBusy(error) || tried >= BUSY_TRIES) throw error;
      }
    }
  }

  /**
   * @param {number} tx
   * @param {boolean} keep
   */
  #leave(tx, keep) {
    if (tx !== this.#tx) {
      if (keep) throw this.#lost ?? new Error('This transaction has ended.');
      return NOTHING;
    }
    this.#tx = null;
    try {
      if (!keep) this.#db.exec('ROLLBACK TO logical');
      this.#db.exec('RELEASE logical');
    } catch (error) {
      this.#noteLoss(error);
      throw error;
    }
    return NOTHING;
  }

  #commit() {
    const lost = this.#lost;
    this.#lost = null;
    this.#tx = null;
    try {
      if (lost) throw lost;
      if (this.#db.isTransaction) this.#db.exec('COMMIT');
      if (this.#toEmpty) this.#emptyLog();
      return NOTHING;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Never fails: what is still in the log goes with the next emptying, or with the closing of the file. */
  #emptyLog() {
    this.#toEmpty = false;
    try {
      this.#db.exec(`PRAGMA busy_timeout = ${EMPTYING_MILLIS}; PRAGMA wal_checkpoint(TRUNCATE)`);
    } catch {
      // Somebody reads, or the disk is full.
    } finally {
      this.#db.exec(`PRAGMA busy_timeout = ${BUSY_MILLIS}`);
    }
  }

  /**
   * Some errors end the whole transaction, not the statement alone (sqlite.org/lang_transaction.html § 3).
   * @param {unknown} error
   */
  #noteLoss(error) {
    if (this.#tx === null || this.#db.isTransaction) return;
    this.#lost = error;
    this.#tx = null;
  }
}

/** @param {number} millis */
function sleep(millis) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
}

/**
 * Whether another connection has the file: the primary code is the low byte (sqlite.org/rescode.html § 4).
 * @param {unknown} error
 */
function isBusy(error) {
  return ((failureOf(error).errcode ?? 0) & 0xff) === SQLITE_BUSY;
}

/**
 * What can be said of an error to another thread.
 * @param {unknown} error
 * @returns {SqliteFailure}
 */
export function failureOf(error) {
  const { message, errcode } = /** @type {{ message?: unknown, errcode?: unknown }} */ (error);
  return { message: String(message ?? error), errcode: typeof errcode === 'number' ? errcode : null };
}
