import { expect, test } from 'vitest';
import { percentAt, positionOf, STEPS, stepOf } from './threshold-scale.ts';

test('each step is a percentage of its own, and stays where it was put', () => {
  const steps = Array.from({ length: STEPS + 1 }, (_, step) => step);
  expect(steps.map((step) => stepOf(percentAt(step)))).toEqual(steps);
  expect(new Set(steps.map(percentAt)).size).toBe(STEPS + 1);
});

test('the ends are those that the server takes', () => {
  expect([percentAt(0), percentAt(STEPS)]).toEqual([0.05, 50]);
  expect([positionOf(0), positionOf(100)]).toEqual([0, 1]);
});
