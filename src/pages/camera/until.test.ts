import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { until } from './until.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What the promise has come to by now. */
async function isKept(promise: Promise<void>): Promise<boolean> {
  let kept = false;
  void promise.then(() => {
    kept = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return kept;
}

test('what holds already is not waited for', async () => {
  expect(await isKept(until(() => true, 3000))).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('it is waited for until it holds, once', async () => {
  const left = signal(2);
  const gone = until(() => left.value === 0, 3000);
  left.value = 1;
  expect(await isKept(gone)).toBe(false);
  left.value = 0;
  expect(await isKept(gone)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('no longer than asked', async () => {
  const never = until(() => false, 3000);
  await vi.advanceTimersByTimeAsync(2999);
  expect(await isKept(never)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await isKept(never)).toBe(true);
});
