import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FromWorker } from '../shared/messages.ts';
import { startCameraWorker } from './camera-worker-link.ts';

const READY: FromWorker = { type: 'ready', hasTrackProcessor: true, canEncode: true };
const BEAT: FromWorker = { type: 'beat', atMillis: 0, openEvent: null };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A link whose workers are the test's own, and what it told. */
function setup(armed: () => boolean) {
  const workers: (EventTarget & { posted: unknown[]; ended: boolean; say(message: FromWorker): void })[] = [];
  const told: string[] = [];
  const link = startCameraWorker(
    {
      onMessage: ({ type }) => told.push(type),
      onLost: () => told.push('lost'),
      onFresh: () => told.push('fresh'),
      isExpected: armed,
    },
    () => {
      const worker = Object.assign(new EventTarget(), {
        posted: [] as unknown[],
        ended: false,
        postMessage: (message: unknown) => worker.posted.push(message),
        terminate() {
          worker.ended = true;
        },
        say: (data: FromWorker) => worker.dispatchEvent(new MessageEvent('message', { data })),
      });
      workers.push(worker);
      return worker as unknown as Worker;
    },
  );
  return { link, workers, told };
}

test('an armed worker that falls silent is ended, and another takes its place', () => {
  const { link, workers, told } = setup(() => true);
  workers[0]?.say(READY);
  vi.advanceTimersByTime(5000);
  workers[0]?.say(BEAT);
  vi.advanceTimersByTime(6000);
  expect(told).toEqual(['ready', 'beat']);
  vi.advanceTimersByTime(3000);
  expect(told).toEqual(['ready', 'beat', 'lost', 'fresh']);
  expect(workers.map(({ ended }) => ended)).toEqual([true, false]);
  link.post({ type: 'arm' });
  expect(workers.map(({ posted }) => posted)).toEqual([[], [{ type: 'arm' }]]);
  workers[0]?.say(BEAT);
  expect(told.at(-1)).toBe('fresh');
});

test('a worker that has nothing to say is left alone', () => {
  const { workers, told } = setup(() => false);
  workers[0]?.say(READY);
  vi.advanceTimersByTime(600_000);
  expect(told).toEqual(['ready']);
});

test('after the machine slept, the worker has a moment to speak', () => {
  const { workers, told } = setup(() => true);
  workers[0]?.say(READY);
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(1000);
  workers[0]?.say(BEAT);
  vi.advanceTimersByTime(5000);
  expect(told).toEqual(['ready', 'beat']);
});

test('a program that cannot be loaded is tried again, ever more seldom', () => {
  const { workers, told } = setup(() => false);
  const fail = () => workers.at(-1)?.dispatchEvent(new Event('error'));
  fail();
  vi.advanceTimersByTime(0);
  expect(workers.length).toBe(2);
  fail();
  vi.advanceTimersByTime(1900);
  expect(workers.length).toBe(2);
  vi.advanceTimersByTime(200);
  expect(workers.length).toBe(3);
  expect(told).toEqual(['lost', 'fresh', 'lost', 'fresh']);
});
