import { expect, test, vi } from 'vitest';
import { createQueue, type Queue, type QueueOptions, type SendResult } from './queue.ts';
import type { QueueItem, QueueStore } from './queue-store.ts';

function memoryStore(disk = new Map<number, QueueItem>()): QueueStore & { readonly disk: Map<number, QueueItem> } {
  return {
    disk,
    async put(item) {
      disk.set(item.key, item);
    },
    entries: async () => [...disk.values()].map(({ body: _, ...entry }) => entry).sort((a, b) => a.key - b.key),
    body: async (key) => disk.get(key)?.body ?? null,
    async remove(key) {
      disk.delete(key);
    },
    close: () => undefined,
  };
}

const item = (eventId: string, kind: QueueItem['kind'], n = 0): Omit<QueueItem, 'key'> => ({
  cameraId: 'c',
  eventId,
  kind,
  n,
  last: false,
  type: 'x/y',
  body: new Uint8Array([n]),
});

/** A queue whose network answers what `answer` says and whose pauses end when the test says so. */
async function setup(answer: (name: string) => SendResult | Promise<SendResult>, store = memoryStore()) {
  const sent: string[] = [];
  const pauses: { readonly millis: number; readonly end: () => void }[] = [];
  const dropped: string[] = [];
  const options: QueueOptions = {
    store,
    async send({ eventId, kind, n }) {
      const name = `${eventId}/${kind}${kind === 'part' ? n : ''}`;
      sent.push(name);
      return answer(name);
    },
    pause: (millis, signal) =>
      new Promise((resolve) => {
        pauses.push({ millis, end: resolve });
        signal.addEventListener('abort', () => resolve());
      }),
    random: () => 0.5,
    onState: () => undefined,
    onItem: (entry, result) => result.kind === 'never' && dropped.push(`${entry.kind} ${result.code}`),
    onDiskError: (error) => {
      throw error;
    },
  };
  const queue: Queue = await createQueue(options);
  return { queue, sent, pauses, dropped, store };
}

const empty = (queue: Queue) => vi.waitFor(() => expect(queue.state().items).toBe(0));

test('facts, photo, parts of an event leave in this order, and the disk is empty after', async () => {
  const { queue, sent, store } = await setup(() => ({ kind: 'done' }));
  queue.add(item('a', 'facts'));
  queue.add(item('a', 'photo'));
  queue.add(item('a', 'part', 0));
  queue.add(item('a', 'part', 1));
  await empty(queue);
  expect(sent).toEqual(['a/facts', 'a/photo', 'a/part0', 'a/part1']);
  await vi.waitFor(() => expect(store.disk.size).toBe(0));
});

test('an alarm does not wait behind a film that is on its way', async () => {
  let finish: (result: SendResult) => void = () => undefined;
  const { queue, sent } = await setup((name) =>
    name === 'a/part0' ? new Promise((resolve) => (finish = resolve)) : { kind: 'done' },
  );
  queue.add(item('a', 'part', 0));
  await vi.waitFor(() => expect(sent).toContain('a/part0'));
  queue.add(item('b', 'facts'));
  queue.add(item('b', 'photo'));
  await vi.waitFor(() => expect(sent).toEqual(['a/part0', 'b/facts', 'b/photo']));
  finish({ kind: 'done' });
  await empty(queue);
});

test('without network it tries again with growing pauses, and at once when woken', async () => {
  let online = false;
  const { queue, sent, pauses, store } = await setup(() => ({ kind: online ? 'done' : 'retry' }));
  queue.add(item('a', 'facts'));
  for (let i = 0; i < 10; i++) {
    await vi.waitFor(() => expect(pauses).toHaveLength(i + 1));
    expect(queue.state()).toEqual({ events: 1, items: 1, state: 'waiting' });
    pauses[i]?.end();
  }
  await vi.waitFor(() => expect(pauses).toHaveLength(11));
  expect(pauses.map(({ millis }) => millis)).toEqual([
    500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000, 60000,
  ]);
  expect(store.disk.size).toBe(1);
  online = true;
  queue.wake();
  await empty(queue);
  expect(sent).toHaveLength(12);
  expect(queue.state().state).toBe('sending');
});

test('on a slow uplink, only the next few wait in memory; the rest is read from the disk in its turn', async () => {
  const answers: ((result: SendResult) => void)[] = [];
  const store = memoryStore();
  const read: number[] = [];
  const { queue, sent } = await setup(() => new Promise((resolve) => answers.push(resolve)), {
    ...store,
    body: (key) => (read.push(key), store.body(key)),
  });
  for (let n = 0; n < 20; n++) queue.add(item('a', 'part', n));
  await vi.waitFor(() => expect(store.disk.size).toBe(20));
  for (let n = 0; n < 20; n++) {
    await vi.waitFor(() => expect(answers).toHaveLength(n + 1), { interval: 1 });
    answers[n]?.({ kind: 'done' });
  }
  await empty(queue);
  expect(sent).toHaveLength(20);
  expect(read).toHaveLength(12);
});

test('what an earlier visit left on disk is sent first', async () => {
  const first = await setup(() => ({ kind: 'retry' }));
  first.queue.add(item('a', 'facts'));
  first.queue.add(item('a', 'photo'));
  first.queue.add(item('a', 'part', 0));
  await vi.waitFor(() => expect(first.pauses).toHaveLength(1));
  first.queue.close();
  const second = await setup(() => ({ kind: 'done' }), first.store);
  second.queue.add(item('b', 'facts'));
  await empty(second.queue);
  expect(second.sent.filter((name) => !name.includes('part'))).toEqual(['a/facts', 'a/photo', 'b/facts']);
  expect(second.sent).toContain('a/part0');
});

test('what can never be accepted is dropped and said; the rest goes on', async () => {
  const { queue, sent, dropped } = await setup((name) =>
    name === 'a/photo' ? { kind: 'never', code: 'photo-too-large' } : { kind: 'done' },
  );
  queue.add(item('a', 'facts'));
  queue.add(item('a', 'photo'));
  queue.add(item('a', 'part', 0));
  await empty(queue);
  expect(dropped).toEqual(['photo photo-too-large']);
  expect(sent).toEqual(['a/facts', 'a/photo', 'a/part0']);
});

test('a camera whose right was taken keeps everything, says so, and tries rarely', async () => {
  const { queue, pauses, store } = await setup(() => ({ kind: 'revoked' }));
  queue.add(item('a', 'facts'));
  await vi.waitFor(() => expect(pauses).toHaveLength(1));
  expect(queue.state()).toEqual({ events: 1, items: 1, state: 'revoked' });
  expect(pauses[0]?.millis).toBe(300_000);
  expect(store.disk.size).toBe(1);
});

test('a signature that was not found good is tried again; three in a row are a lost right', async () => {
  let attempts = 0;
  const { queue, pauses, store } = await setup(() => ({ kind: ++attempts === 3 ? 'retry' : 'unproven' }));
  queue.add(item('a', 'facts'));
  const states: string[] = [];
  for (let i = 0; i < 6; i++) {
    await vi.waitFor(() => expect(pauses).toHaveLength(i + 1));
    states.push(queue.state().state);
    pauses[i]?.end();
  }
  expect(states).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'waiting', 'revoked']);
  expect(pauses.map(({ millis }) => millis).slice(0, 6)).toEqual([500, 1000, 2000, 4000, 8000, 300_000]);
  expect(store.disk.size).toBe(1);
});

test('a disk that is full is said, and the item is sent all the same', async () => {
  const store = memoryStore();
  const errors: unknown[] = [];
  const sent: string[] = [];
  const queue = await createQueue({
    store: { ...store, put: async () => Promise.reject(new DOMException('full', 'QuotaExceededError')) },
    async send({ kind }) {
      sent.push(kind);
      return { kind: 'done' };
    },
    pause: async () => undefined,
    random: () => 0,
    onState: () => undefined,
    onItem: () => undefined,
    onDiskError: (error) => errors.push(error),
  });
  queue.add(item('a', 'facts'));
  await empty(queue);
  expect(sent).toEqual(['facts']);
  await vi.waitFor(() => expect(errors).toHaveLength(1));
});
