/** Frame timestamps of an unknown epoch enter; capture times on the wall clock leave. */

/** How far the wall clock may jump before the epoch is taken anew, in ms. */
const JUMP_MILLIS = 1000;
/** How fast the offset may grow, ms per second: clocks of camera and machine drift apart. */
const DRIFT_MILLIS_PER_SECOND = 0.2;

/** Ties the timestamps of a track to the wall clock. */
export interface CaptureClock {
  /**
   * Capture time of a frame, microseconds since 1970.
   *
   * @param timestampMicros the frame's timestamp, of any epoch
   * @param nowMillis the wall clock when the frame was read, ms since 1970
   */
  captureTimeMicros(timestampMicros: number, nowMillis: number): number;
}

/**
 * A frame is never read before it was taken, so the smallest difference seen between wall clock and
 * timestamp is the nearest to the truth; a late frame does not move it.
 */
export function createCaptureClock(): CaptureClock {
  let offsetMillis: number | null = null;
  let lastMillis = 0;
  return {
    captureTimeMicros(timestampMicros, nowMillis) {
      const differenceMillis = nowMillis - timestampMicros / 1000;
      const jumped = offsetMillis === null || Math.abs(differenceMillis - offsetMillis) > JUMP_MILLIS;
      if (jumped) offsetMillis = differenceMillis;
      else {
        const grown = (offsetMillis ?? 0) + (Math.max(0, nowMillis - lastMillis) / 1000) * DRIFT_MILLIS_PER_SECOND;
        offsetMillis = Math.min(grown, differenceMillis);
      }
      lastMillis = nowMillis;
      return Math.round(timestampMicros + (offsetMillis ?? 0) * 1000);
    },
  };
}
