/** Requests to a database thread enter; promises of rows leave. Owns the thread: starts it, and ends it when closed. */
import { Worker } from 'node:worker_threads';
import type { SqliteQuestion, SqliteReply, SqliteRequest, SqliteRows, SqliteWorkerData } from './sqlite-protocol.ts';

/** A statement that SQLite refused, or a transaction that it could not keep. */
export class SqliteError extends Error {
  readonly code = 'sqlite-refused';
  /** SQLite's extended result code (sqlite.org/rescode.html); null where the failure is not SQLite's own. */
  readonly errcode: number | null;

  constructor(message: string, errcode: number | null) {
    super(message);
    this.name = 'SqliteError';
    this.errcode = errcode;
  }
}

interface Waiting {
  readonly resolve: (rows: SqliteRows) => void;
  readonly reject: (error: Error) => void;
}

/** One database thread. Requests are answered in the order they were sent. */
export class SqliteClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** What was asked in this turn of the event loop: it goes over in one message, since waking a thread costs more than a query. */
  #outgoing: SqliteQuestion[] = [];
  #nextId = 1;
  #ended: Error | null = null;

  constructor(data: SqliteWorkerData) {
    this.#worker = new Worker(new URL('./sqlite-worker.js', import.meta.url), { workerData: data, execArgv: [] });
    this.#worker.on('message', (replies: SqliteReply[]) => {
      for (const reply of replies) this.#settle(reply);
    });
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => this.#end(new Error('The database is closed.')));
    this.#worker.unref();
  }

  /** Sends a request. @throws {SqliteError} (as rejection) with SQLite's own sentence. */
  send(request: SqliteRequest): Promise<SqliteRows> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) this.#worker.ref();
      this.#waiting.set(id, { resolve, reject });
      if (this.#outgoing.push({ id, request }) === 1) queueMicrotask(() => this.#flush());
    });
  }

  /** Answers what was sent before, then closes the file and ends the thread. */
  async close(): Promise<void> {
    if (this.#ended) return;
    await this.send({ op: 'close' });
    await this.#worker.terminate();
  }

  #flush(): void {
    const questions = this.#outgoing;
    this.#outgoing = [];
    this.#worker.postMessage(questions);
  }

  #settle({ id, result, failure }: SqliteReply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (result) waiting?.resolve(result);
    else waiting?.reject(new SqliteError(failure?.message ?? 'SQLite gave no answer.', failure?.errcode ?? null));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
