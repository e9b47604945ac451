import { expect, it, vi } from 'vitest';
import { keptName, withinTime } from './kept-pages.ts';

const FILES = new Set(['/index.html', '/camera.html', '/assets/camera-1.js', '/icon.svg']);

it.each([
  ['/', '/index.html'],
  ['/camera', '/camera.html'],
  ['/camera.html', '/camera.html'],
  ['/icon.svg', '/icon.svg'],
  ['/assets/camera-1.js', '/assets/camera-1.js'],
  ['/assets/camera-0.js', null],
  ['/api/session', null],
  ['/api/camera', null],
  ['/vigie.crt', null],
  ['/camera/', null],
])('for %s keeps %s', (path, kept) => {
  expect(keptName(path, FILES)).toBe(kept);
});

it('waits for an answer as long as it says, and no longer', async () => {
  vi.useFakeTimers();
  try {
    expect(await withinTime(Promise.resolve(1), 100)).toBe(1);
    await expect(withinTime(Promise.reject(new Error('refused')), 100)).rejects.toThrow('refused');
    const late = withinTime(new Promise(() => undefined), 100).catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(100);
    expect(await late).toBe('no answer after 100 ms');
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
