/** Enters the person's choice of sensitivity; leaves the numbers that the detector works with. */

/** "A cat", "a person", "a person close by": the smallest thing that shall alarm. */
export type Sensitivity = 'cat' | 'person' | 'near';

/** What a choice means. */
export interface SensitivityNumbers {
  /** Changed pixels ÷ all pixels below which nothing alarms, 0..1. */
  thresholdRatio: number;
  /** How far off its background a 3×3 group of cells must lie, in sigmas. */
  sigmas: number;
}

const NUMBERS: Readonly<Record<Sensitivity, SensitivityNumbers>> = {
  /** Also something of about 2 % of the picture's height. */
  cat: { thresholdRatio: 0.0004, sigmas: 4 },
  /** A person of about a fifteenth of the picture's height: 14 rows of 240. */
  person: { thresholdRatio: 0.0006, sigmas: 4.5 },
  /** A person who fills about a fifth of the picture's height. */
  near: { thresholdRatio: 0.01, sigmas: 4.5 },
};

/**
 * The numbers of a level. `thresholdPercent` (0..100, the 2013 page's own kind of threshold)
 * replaces the level's smallest size. Throws a RangeError when it is not within 0..100.
 */
export function sensitivityNumbers(level: Sensitivity, thresholdPercent?: number): SensitivityNumbers {
  const numbers = NUMBERS[level];
  if (thresholdPercent === undefined) return numbers;
  if (!(thresholdPercent >= 0 && thresholdPercent <= 100)) {
    throw new RangeError(`thresholdPercent must lie within 0..100, got ${thresholdPercent}`);
  }
  return { ...numbers, thresholdRatio: thresholdPercent / 100 };
}
