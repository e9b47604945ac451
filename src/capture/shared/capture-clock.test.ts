import { expect, test } from 'vitest';
import { createCaptureClock } from './capture-clock.ts';

test('a frame that was read late keeps its place', () => {
  const clock = createCaptureClock();
  const start = 1_800_000_000_000;
  expect(clock.captureTimeMicros(5_000_000, start)).toBe(start * 1000);
  // Read 300 ms late, taken 33 ms after the first.
  expect(clock.captureTimeMicros(5_033_000, start + 333)).toBeCloseTo((start + 33) * 1000, -3);
});

test('a clock that is set anew, or a new track, starts a new epoch', () => {
  const clock = createCaptureClock();
  clock.captureTimeMicros(5_000_000, 1000_000);
  expect(clock.captureTimeMicros(5_033_000, 4000_000)).toBe(4000_000_000);
  expect(clock.captureTimeMicros(7, 4000_033)).toBe(4000_033_000);
});

test('the offset follows a drift of the clocks', () => {
  const clock = createCaptureClock();
  for (let second = 0; second <= 3600; second++) {
    // The machine's clock runs 50 ms an hour ahead of the camera's.
    const wall = second * 1000 + (second * 50) / 3600;
    expect(Math.abs(clock.captureTimeMicros(second * 1e6, wall) / 1000 - wall)).toBeLessThan(2);
  }
});
