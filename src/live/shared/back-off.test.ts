/** Pauses grow, stay within bounds, and begin anew once it worked. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBackOff } from './back-off.ts';

it('doubles up to the bound', () => {
  const backOff = createBackOff(500, 4000, () => 1);
  expect(Array.from({ length: 6 }, () => backOff.next())).toEqual([500, 1000, 2000, 4000, 4000, 4000]);
  expect(backOff.failures).toBe(6);
  backOff.reset();
  expect([backOff.failures, backOff.next()]).toEqual([0, 500]);
});

it('keeps every pause between half and the whole, after any number of failures', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 2000 }), (chance, failures) => {
      const backOff = createBackOff(500, 10_000, () => chance);
      for (let failure = 0; failure < failures; failure++) backOff.next();
      const whole = Math.min(10_000, 500 * 2 ** Math.min(30, failures));
      const pause = backOff.next();
      expect(pause).toBeGreaterThanOrEqual(whole / 2);
      expect(pause).toBeLessThanOrEqual(whole);
    }),
  );
});
