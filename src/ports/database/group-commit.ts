/**
 * Logical transactions enter, one writes at a time; each leaves acknowledged when the disk has it.
 *
 * Several share one outer transaction and so one fsync: who comes while the disk confirms the last group goes into
 * the next. Nobody waits for company: without a queue the group is committed at once.
 */
import type { SqliteRequest, SqliteRows, SqliteValue } from './sqlite-protocol.ts';

/** A group takes no more after this long since its first member, ms, so that an acknowledgement is never held much longer. */
const GROUP_MILLIS = 4;
const GROUP_MEMBERS = 256;

interface Group {
  readonly openedAt: number;
  members: number;
  /** Settles with the outer COMMIT. */
  readonly committed: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** One logical transaction, between {@link GroupCommit.begin} and `commit` or `rollback`. */
export interface LogicalTransaction {
  run(sql: string, parameters: readonly SqliteValue[]): Promise<SqliteRows>;
  /** Resolves when the disk has it; rejects where nothing of it was kept. */
  commit(): Promise<void>;
  /** Undoes this transaction alone. */
  rollback(): Promise<void>;
}

/** Hands out the one writing connection. Transactions must await nothing but their own statements: others wait. */
export class GroupCommit {
  readonly #send: (request: SqliteRequest) => Promise<SqliteRows>;
  readonly #now: () => number;
  readonly #queue: (() => void)[] = [];
  #held = false;
  #group: Group | null = null;
  #committing = false;
  #nextTx = 1;

  /** @param now a clock that only goes forward, ms, from any origin */
  constructor(send: (request: SqliteRequest) => Promise<SqliteRows>, now = () => performance.now()) {
    this.#send = send;
    this.#now = now;
  }

  /** Waits for its turn and opens a logical transaction. */
  async begin(): Promise<LogicalTransaction> {
    await this.#turn();
    const group = this.#open();
    const tx = this.#nextTx++;
    const entered = this.#send({ op: 'enter', tx });
    entered.catch(() => undefined);
    let left = false;
    const leave = async (keep: boolean) => {
      if (left) throw new Error('This transaction has ended.');
      left = true;
      const done = this.#send({ op: 'leave', tx, keep });
      done.catch(() => undefined);
      this.#pass(group);
      await entered;
      await done;
    };
    return {
      run: async (sql, parameters) => {
        const answered = this.#send({ op: 'run', tx, sql, parameters });
        answered.catch(() => undefined);
        await entered;
        return answered;
      },
      commit: async () => {
        await leave(true);
        await group.committed;
      },
      rollback: () => leave(false),
    };
  }

  /** One statement, which is atomic by itself: it is sent in one go and holds nobody up. Resolves when the disk has it. */
  async write(sql: string, parameters: readonly SqliteValue[]): Promise<SqliteRows> {
    await this.#turn();
    const group = this.#open();
    const tx = this.#nextTx++;
    const answers = [
      this.#send({ op: 'enter', tx }),
      this.#send({ op: 'run', tx, sql, parameters }),
      this.#send({ op: 'leave', tx, keep: true }),
    ] as const;
    for (const answer of answers) answer.catch(() => undefined);
    this.#pass(group);
    const [entered, ran, left] = answers;
    await entered;
    const rows = await ran;
    await left;
    await group.committed;
    return rows;
  }

  /** Empties the log of what is acknowledged so far into the file, as far as those who read let it. */
  async emptyLog(): Promise<void> {
    await this.#send({ op: 'empty-log' });
  }

  #turn(): Promise<void> | void {
    if (!this.#held) {
      this.#held = true;
      return;
    }
    return new Promise((resolve) => this.#queue.push(resolve));
  }

  #open(): Group {
    if (!this.#group) {
      let resolve = () => {};
      let reject: (error: unknown) => void = () => {};
      const committed = new Promise<void>((done, failed) => {
        resolve = done;
        reject = failed;
      });
      committed.catch(() => undefined);
      this.#group = { openedAt: this.#now(), members: 0, committed, resolve, reject };
    }
    this.#group.members++;
    return this.#group;
  }

  /** The holder of the turn is through: the next one of this group, or the group's commit. */
  #pass(group: Group): void {
    const full = group.members >= GROUP_MEMBERS || this.#now() - group.openedAt > GROUP_MILLIS;
    if (this.#queue.length === 0 || full) this.#commitGroup();
    this.#next();
  }

  #next(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#held = false;
  }

  /** Sends COMMIT; while one is under way the group stays open for whoever comes, and goes when it is back. */
  #commitGroup(): void {
    const group = this.#group;
    if (!group || this.#committing) return;
    this.#group = null;
    this.#committing = true;
    void this.#send({ op: 'commit' })
      .then(group.resolve, group.reject)
      .finally(() => {
        this.#committing = false;
        if (!this.#held) this.#commitGroup();
      });
  }
}
