/** Two clocks and a network between them: the estimate is never wrong by more than half the best round trip. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createClockOffset } from './clock-offset.ts';

it('is within half the shortest round trip of the truth, however the way is split', () => {
  const trip = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }));
  fc.assert(
    fc.property(
      fc.integer({ min: -1e6, max: 1e6 }),
      fc.array(trip, { minLength: 1, maxLength: 10 }),
      (truth, trips) => {
        const offset = createClockOffset();
        trips.forEach(([up, down], index) => {
          const sentAt = 1e9 + index * 5000;
          offset.sample(sentAt, sentAt + up + down, sentAt + up + truth);
        });
        const shortest = Math.min(...trips.map(([up, down]) => up + down));
        expect(Math.abs(offset.millis() - truth)).toBeLessThanOrEqual(shortest / 2);
        expect(offset.uncertaintyMillis()).toBe(shortest / 2);
      },
    ),
  );
});

it('is nought and says so before the first answer', () => {
  const offset = createClockOffset();
  expect([offset.millis(), offset.uncertaintyMillis()]).toEqual([0, Number.POSITIVE_INFINITY]);
});

it('follows at once where the clock was set', () => {
  const offset = createClockOffset();
  offset.sample(1000, 1002, 1001);
  offset.sample(61_000, 61_200, 1101);
  expect(offset.millis()).toBe(-59_999);
});

it('forgets a good round trip after a minute of beats, so that drift is followed', () => {
  const offset = createClockOffset();
  offset.sample(0, 2, 1);
  for (let beat = 1; beat <= 12; beat++) offset.sample(beat * 5000, beat * 5000 + 40, beat * 5000 + 20 + beat);
  expect(offset.millis()).toBeGreaterThan(0);
});

it('does not take a clock that ran backwards for a round trip', () => {
  const offset = createClockOffset();
  offset.sample(2000, 1000, 5000);
  expect(offset.millis()).toBe(0);
});
