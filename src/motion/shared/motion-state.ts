/** What the detector answers for each frame, and the pictures that it compared. */
import type { Reason } from './reason.ts';

/** A rectangle in pixels of the given frame. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** The detector's answer for a frame. The same object and arrays are filled again for the next frame. */
export interface MotionState {
  /** As given with the frame. */
  timestampSeconds: number;
  /** Changed pixels of the objects ÷ all pixels, 0..1. */
  score: number;
  /** Whether somebody is there. */
  motion: boolean;
  reason: Reason;
  /** The objects that alarm, at most 16. */
  boxes: readonly Box[];
  /** Changed pixels ÷ all pixels, 0..1, whatever their cause. */
  changedRatio: number;
}

/** The three pictures of the page, each `width × height`, row-major luma; filled again by the next call. */
export interface DetectorPicture {
  width: number;
  height: number;
  frame: Uint8ClampedArray;
  reference: Uint8ClampedArray;
  /** 0, or 255 where the frame differs. */
  difference: Uint8ClampedArray;
}
