/** A step of the threshold's bar enters, and the percentage that it stands for leaves; and the other way round. */

/** Ends of the scale, percent of the picture; a share of a share, so the scale is logarithmic. */
const MIN_PERCENT = 0.05;
const MAX_PERCENT = 50;
/** Each is 7 % more than the one before: few enough for arrow keys. */
export const STEPS = 100;

/** Place of a percentage on the scale, 0..1. */
export function positionOf(percent: number): number {
  if (percent <= MIN_PERCENT) return 0;
  return Math.min(1, Math.log(percent / MIN_PERCENT) / Math.log(MAX_PERCENT / MIN_PERCENT));
}

/** @returns 0..{@link STEPS} */
export function stepOf(percent: number): number {
  return Math.round(positionOf(percent) * STEPS);
}

/** @param step 0..{@link STEPS} @returns a percentage of three digits that {@link stepOf} takes for the same step */
export function percentAt(step: number): number {
  const exact = MIN_PERCENT * (MAX_PERCENT / MIN_PERCENT) ** (step / STEPS);
  return Math.min(MAX_PERCENT, Math.max(MIN_PERCENT, Number(exact.toPrecision(3))));
}
