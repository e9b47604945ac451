import { expect, test } from 'vitest';
import { type Clock, start, tick } from './clock.ts';

test('counts what passes between frames, but not gaps, steps back or what is no time', () => {
  const clock: Clock = { seconds: 9, elapsedSeconds: 9, stampSeconds: 9 };
  start(clock, 100);
  const steps = [100.5, 101, 4000, 3999, Number.NaN, 7, 7.25].map((stamp) => {
    tick(clock, stamp);
    return clock.elapsedSeconds;
  });
  expect(steps).toEqual([0.5, 0.5, 1, 0, 0, 0, 0.25]);
  expect(clock.seconds).toBe(2.25);
});
