import { describe, expect, test } from 'vitest';
import { GroupCommit } from './group-commit.ts';
import type { SqliteRequest, SqliteRows } from './sqlite-protocol.ts';

const NOTHING: SqliteRows = { rows: [], changes: 0, lastInsertRowid: 0 };

/** A database thread whose answers wait until they are asked for, and a clock that stands unless it is set. */
function slowThread() {
  let millis = 0;
  const asked: string[] = [];
  const waiting: { name: string; resolve: (rows: SqliteRows) => void; reject: (error: Error) => void }[] = [];
  const send = (request: SqliteRequest) => {
    const name = request.op === 'run' ? `run ${request.sql}` : request.op;
    asked.push(name);
    return new Promise<SqliteRows>((resolve, reject) => waiting.push({ name, resolve, reject }));
  };
  return {
    asked,
    turns: new GroupCommit(send, () => millis),
    pass: (more: number) => (millis += more),
    /** Answers in order, up to and with the first of that name; everything where left out. */
    async answer(upTo?: string, failure?: Error): Promise<void> {
      for (;;) {
        const next = waiting.shift();
        if (!next) {
          await settled();
          if (waiting.length === 0) return;
          continue;
        }
        const isIt = next.name === upTo;
        if (isIt && failure) next.reject(failure);
        else next.resolve(NOTHING);
        await settled();
        if (isIt) return;
      }
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Notes how promises end. */
function noted(...promises: Promise<unknown>[]): string[] {
  const ends: string[] = [];
  promises.forEach((promise, index) =>
    promise.then(
      () => ends.push(`${index} done`),
      (error: Error) => ends.push(`${index} ${error.message}`),
    ),
  );
  return ends;
}

describe('several writers', () => {
  test('share one commit, and none is acknowledged before it', async () => {
    const { turns, asked, answer } = slowThread();
    const ends = noted(turns.write('a', []), turns.write('b', []), turns.write('c', []));
    await settled();
    expect(asked).toEqual(['a', 'b', 'c'].flatMap((sql) => ['enter', `run ${sql}`, 'leave']).concat('commit'));
    await answer('run c');
    await answer('leave');
    expect(ends).toEqual([]);
    await answer();
    expect(ends.sort()).toEqual(['0 done', '1 done', '2 done']);
    expect(asked.filter((name) => name === 'commit').length).toBe(1);
  });

  test('of several statements take turns, and share one commit too', async () => {
    const { turns, asked, answer } = slowThread();
    const transaction = async (name: string) => {
      const own = await turns.begin();
      await own.run(`${name}1`, []);
      await own.run(`${name}2`, []);
      await own.commit();
    };
    const ends = noted(transaction('a'), transaction('b'));
    await answer('run b2');
    expect(asked).toEqual(['enter', 'run a1', 'run a2', 'leave', 'enter', 'run b1', 'run b2', 'leave', 'commit']);
    await answer('leave');
    expect(ends).toEqual([]);
    await answer();
    expect(ends.sort()).toEqual(['0 done', '1 done']);
  });

  test('who comes while the disk confirms goes into the next group, which waits for nothing else', async () => {
    const { turns, asked, answer } = slowThread();
    const first = noted(turns.write('a', []));
    await answer('leave');
    expect(asked.at(-1)).toBe('commit');
    const second = noted(turns.write('b', []), turns.write('c', []));
    await settled();
    await answer('commit');
    expect(first).toEqual(['0 done']);
    expect(second).toEqual([]);
    await answer();
    expect(second.sort()).toEqual(['0 done', '1 done']);
    expect(asked.filter((name) => name === 'commit').length).toBe(2);
  });

  test('a group that has been open for long takes nobody else, however many wait', async () => {
    const { turns, asked, answer, pass } = slowThread();
    const first = await turns.begin();
    const waiting = [turns.write('b', []), turns.write('c', [])];
    pass(4.5);
    const ends = noted(first.commit(), ...waiting);
    await settled();
    const alone = (sql: string) => ['enter', `run ${sql}`, 'leave'];
    expect(asked).toEqual(['enter', 'leave', 'commit', ...alone('b'), ...alone('c')]);
    await answer();
    expect(ends.sort()).toEqual(['0 done', '1 done', '2 done']);
    expect(asked.filter((name) => name === 'commit').length).toBe(2);
  });

  test('one that fails is undone alone', async () => {
    const { turns, asked, answer } = slowThread();
    const ends = noted(turns.write('a', []), turns.write('bad', []), turns.write('c', []));
    await answer('run bad', new Error('refused'));
    await answer();
    expect(ends.sort()).toEqual(['0 done', '1 refused', '2 done']);
    expect(asked.filter((name) => name === 'commit').length).toBe(1);
  });

  test('where the disk refuses the group, none of it is acknowledged; the next group is', async () => {
    const { turns, answer } = slowThread();
    const ends = noted(turns.write('a', []), turns.write('b', []));
    await settled();
    await answer('commit', new Error('disk full'));
    expect(ends.sort()).toEqual(['0 disk full', '1 disk full']);
    const after = noted(turns.write('c', []));
    await answer();
    expect(after).toEqual(['0 done']);
  });

  test('where the lock cannot be had, the writer is told and the turn goes on', async () => {
    const { turns, answer } = slowThread();
    const ends = noted(turns.write('a', []), turns.write('b', []));
    await answer('enter', new Error('database is locked'));
    await answer();
    expect(ends.sort()).toEqual(['0 database is locked', '1 done']);
  });
});

test('a transaction that has ended takes nothing more', async () => {
  const { turns, answer } = slowThread();
  const opening = turns.begin();
  const transaction = await opening;
  const ends = noted(transaction.commit());
  await answer();
  expect(ends).toEqual(['0 done']);
  await expect(transaction.commit()).rejects.toThrow('ended');
});
