/** The causes that the detector can name, as codes and numbers; words are made elsewhere. */

/**
 * Why a frame did or did not alarm.
 * - `quiet`: nothing stands out from the background.
 * - `learning`: the background is being learnt (start, another frame size).
 * - `object`: an intruder; this alarms.
 * - `confirming`: may become an intruder, not seen for long enough yet.
 * - `settled`: it came, and has not moved since; it is becoming background.
 * - `too-small`: an object smaller than the sensitivity asks for.
 * - `light-change`: the light of the whole picture changed.
 * - `local-light`: light or shadow fell on a part whose texture stayed.
 * - `weather`: many short-lived small things: rain, snow, noise.
 * - `too-fast`: faster than what walks, runs or drives: an insect.
 * - `sway`: parts moved a little and look like their surroundings: foliage, a shaking camera.
 */
export type ReasonCode =
  | 'quiet'
  | 'learning'
  | 'object'
  | 'confirming'
  | 'settled'
  | 'too-small'
  | 'light-change'
  | 'local-light'
  | 'weather'
  | 'too-fast'
  | 'sway';

/** One frame's cause with its numbers. */
export interface Reason {
  code: ReasonCode;
  /** What the cause covers of the picture, 0..1. */
  areaRatio: number;
  /** The share that would alarm, 0..1. */
  thresholdRatio: number;
  /** Seconds: how long the object has been seen, or how long learning still takes; otherwise 0. */
  seconds: number;
  /** New light ÷ old light of the whole picture; 1 when it did not change. */
  gain: number;
}
