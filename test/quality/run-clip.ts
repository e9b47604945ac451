/** Enters a clip's luma and a detector; leaves its alarm for each scored frame. */
import type { Detector, MotionState } from '../../src/motion/shared/detector.ts';
import type { Clip } from './corpus.ts';
import { preRollOrder } from './decode.ts';

/**
 * Runs the pre-roll, then the clip, in one go of time. `seen` is called for each scored
 * frame with its index; the state is only valid during the call.
 */
export function runClip(
  clip: Clip,
  luma: Uint8Array,
  detector: Detector,
  seen?: (index: number, state: MotionState) => void,
): boolean[] {
  const size = clip.width * clip.height;
  const frameCount = Math.floor(luma.length / size);
  const order = preRollOrder(clip, frameCount);
  const analyse = (frame: number, index: number) =>
    detector.analyse(
      luma.subarray(frame * size, (frame + 1) * size),
      clip.width,
      clip.height,
      clip.width,
      index / clip.fps,
    );
  order.forEach(analyse);
  const alarms: boolean[] = [];
  for (let i = 0; i < frameCount; i++) {
    const state = analyse(i, order.length + i);
    alarms.push(state.motion);
    seen?.(i, state);
  }
  return alarms;
}
