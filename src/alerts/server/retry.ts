/** How often something failed enters; how long to wait before the next try leaves. */

/** First pause, milliseconds. */
const FIRST_MILLIS = 2_000;
/** Longest pause between two tries of one message, milliseconds. */
const LONGEST_MILLIS = 3_600_000;
/** How long a message is tried, milliseconds: five days (RFC 5321 § 4.5.4.1 asks for at least four). */
export const TRY_FOR_MILLIS = 5 * 24 * 3_600_000;

/**
 * Doubles from two seconds up to `longest`, then takes between three quarters and the whole of it, so that
 * what failed together does not come back together.
 *
 * @param failures how often it has failed, 1 or more
 * @param random 0..1
 * @param longest milliseconds
 */
export function pauseMillis(failures: number, random: number, longest: number = LONGEST_MILLIS): number {
  const whole = Math.min(longest, FIRST_MILLIS * 2 ** Math.min(failures - 1, 30));
  return Math.round(whole * (0.75 + random / 4));
}
