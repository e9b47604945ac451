/** Enters a cell's mean luma; leaves its logarithm in whole steps, by table. */

/** Steps of a factor of e: light that changes by 1 % moves the logarithm by about 10. */
export const LOG_STEPS = 1024;
/** Added before the logarithm, in grey levels: below it a sensor measures noise, not light. */
export const DARK_OFFSET = 8;

/** Indexed by 16 × luma, 0..4095. */
export const LOG_LUMA: Int16Array = Int16Array.from({ length: 4096 }, (_, i) =>
  Math.round(LOG_STEPS * Math.log(i / 16 + DARK_OFFSET)),
);
