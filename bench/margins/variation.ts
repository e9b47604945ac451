/** What changes a clip before the detector sees it, in a way that nobody tuned for. */
import type { Clip } from '../../test/quality/corpus.ts';
import type { Random } from './random.ts';

/** Changes the frames of one clip. */
export interface Painter {
  /** The clip as it is now: its truth, size and rate. */
  clip: Clip;
  /** From a frame of the clip to the frame shown; `seconds` is negative in the pre-roll. */
  paint(source: Uint8Array, target: Uint8ClampedArray, seconds: number): void;
}

/** What a painter is made for. */
export interface Scene {
  clip: Clip;
  random: Random;
  /** The mean of the quiet beginning. */
  still: Float32Array;
}

/** One way to change clips. */
export interface Variation {
  name: string;
  /** All clips when not given. */
  suits?: (clip: Clip) => boolean;
  /** Options of an encoder that each clip goes through first. */
  recode?: readonly string[];
  /** Of so many frames one is shown. */
  every?: number;
  /** The last frame comes first. */
  backwards?: boolean;
  /** People that were cut out come in. */
  people?: boolean;
  begin(scene: Scene): Painter;
}

/** A clip without intrusions. */
export function isQuiet(clip: Clip): boolean {
  return clip.events.length === 0;
}

/** Whether nothing may be going on from `from` to `to`, with room around it. */
export function isFree(clip: Clip, from: number, to: number): boolean {
  const taken = [...clip.events.map(({ t0, t1 }) => [t0 - 1, t1 + 2.5]), ...clip.ignore];
  return from > clip.warmup && to < clip.duration && taken.every(([start, end]) => to < start || from > end);
}

/** Up to `count` seconds at which `lasting` seconds are free, at least `apart` from each other. */
export function freeSeconds({ clip, random }: Scene, count: number, lasting: number, apart: number): number[] {
  const found: number[] = [];
  for (let tries = 0; tries < 200 && found.length < count; tries++) {
    const at = 4 + random() * (clip.duration - 4 - lasting);
    if (isFree(clip, at, at + lasting) && found.every((other) => Math.abs(other - at) >= lasting + apart))
      found.push(at);
  }
  return found.sort((a, b) => a - b);
}
