/** Motion states enter, one a frame; intrusions leave: confirmed, over. Pure: the only time it knows is that of the frames. */

/** What the detector said of one frame. */
export interface MotionSample {
  /** Capture time, milliseconds; only differences count. Where it jumps back, the clock was set. */
  readonly at: number;
  readonly motion: boolean;
}

export type IntrusionChange =
  | {
      readonly type: 'confirmed';
      /** Capture time of the frame that confirmed it, milliseconds: the photo's. */
      readonly at: number;
      /** Capture time of the first frame of this movement, milliseconds. */
      readonly firstMotionAt: number;
      /** Whether it goes on from one that was cut for its length: nobody has come in, nobody is told again. */
      readonly continues: boolean;
    }
  | {
      readonly type: 'over';
      /** Capture time of the last frame of movement, milliseconds; of the cut, where it was cut. */
      readonly endedAt: number;
      /** When recording ends, milliseconds: `endedAt` and what comes after. */
      readonly at: number;
      /** Why: nothing moved any more, it was too long and goes on as the next, frames stayed away, or disarmed. */
      readonly cause: 'still' | 'split' | 'blind' | 'disarmed';
    };

/** `quiet`: nothing. `confirming`: movement, not for long enough. `active`: an intrusion. `post-capture`: still, recorded a little longer. */
export type IntrusionPhase = 'quiet' | 'confirming' | 'active' | 'post-capture';

export interface IntrusionOptions {
  /** Frames of movement in a row that make an intrusion, ≥ 1. The detector has its own memory; this stops a single wrong frame. */
  readonly confirmFrames?: number;
  /** Recorded after the last movement, seconds; movement within it is the same intrusion. */
  readonly postCaptureSeconds?: number;
  /** An intrusion longer than this goes on as the next, seconds. */
  readonly splitSeconds?: number;
}

export interface IntrusionMachine {
  readonly phase: IntrusionPhase;
  /** Takes one frame's state; none, one, or two changes (`over` by split, then `confirmed`). */
  next(sample: MotionSample): readonly IntrusionChange[];
  /** No frame has come up to now: an intrusion that has not been seen for too long is over. @param at on the frames' clock, milliseconds */
  idle(at: number): readonly IntrusionChange[];
  /** The camera is disarmed: an intrusion under way is over. Begins anew. */
  disarm(at: number): readonly IntrusionChange[];
}

/** Frames that are so far apart were not taken one after the other, or the clock was set in between, ms. */
const SET_MILLIS = 1000;

/** Makes a machine that is quiet. */
export function createIntrusionMachine(options: IntrusionOptions = {}): IntrusionMachine {
  const { confirmFrames = 2, postCaptureSeconds = 5, splitSeconds = 120 } = options;
  if (!Number.isInteger(confirmFrames) || confirmFrames < 1)
    throw new TypeError(`confirmFrames must be a whole number ≥ 1, is ${confirmFrames}`);
  if (!(postCaptureSeconds >= 0)) throw new TypeError(`postCaptureSeconds must be ≥ 0, is ${postCaptureSeconds}`);
  if (!(splitSeconds > 0)) throw new TypeError(`splitSeconds must be > 0, is ${splitSeconds}`);
  const postMillis = postCaptureSeconds * 1000;
  const splitMillis = splitSeconds * 1000;

  let phase: IntrusionPhase = 'quiet';
  let frames = 0;
  let firstMotionAt = 0;
  let lastMotionAt = 0;
  let startedAt = 0;
  let lastAt = Number.NEGATIVE_INFINITY;

  const close = (endedAt: number, at: number, cause: 'still' | 'split' | 'blind' | 'disarmed'): IntrusionChange => {
    phase = 'quiet';
    frames = 0;
    return { type: 'over', endedAt, at, cause };
  };
  const open = (at: number, continues: boolean): IntrusionChange => {
    phase = 'active';
    startedAt = at;
    return { type: 'confirmed', at, firstMotionAt, continues };
  };

  const whileQuiet = ({ at, motion }: MotionSample): IntrusionChange[] => {
    if (!motion) {
      phase = 'quiet';
      frames = 0;
      return [];
    }
    if (frames === 0) firstMotionAt = at;
    frames++;
    lastMotionAt = at;
    phase = 'confirming';
    return frames >= confirmFrames ? [open(at, false)] : [];
  };

  const whileActive = ({ at, motion }: MotionSample): IntrusionChange[] => {
    if (motion) lastMotionAt = at;
    phase = motion ? 'active' : 'post-capture';
    if (!motion && at - lastMotionAt >= postMillis) return [close(lastMotionAt, at, 'still')];
    if (at - startedAt < splitMillis) return [];
    // Cut in the stillness after a movement: what is left of it belongs to this one, nothing goes on.
    if (!motion) return [];
    const over = close(at, at, 'split');
    firstMotionAt = at;
    return [over, open(at, true)];
  };

  /** A computer that slept, a plug that was pulled: what happened since was not seen. A clock set back would never end it. */
  const lose = (at: number): IntrusionChange[] => {
    const open = phase === 'active' || phase === 'post-capture';
    const away = at - lastAt;
    return open && (away > Math.max(postMillis, SET_MILLIS) || away < -SET_MILLIS)
      ? [close(lastMotionAt, lastAt, 'blind')]
      : [];
  };

  return {
    get phase() {
      return phase;
    },
    next(sample) {
      if (!Number.isFinite(sample.at)) throw new TypeError(`at must be a finite number, is ${sample.at}`);
      const changes = lose(sample.at);
      lastAt = sample.at;
      const active = phase === 'active' || phase === 'post-capture';
      changes.push(...(active ? whileActive(sample) : whileQuiet(sample)));
      return changes;
    },
    idle: lose,
    disarm(at) {
      const open = phase === 'active' || phase === 'post-capture';
      const changes = open ? [close(lastMotionAt, at, 'disarmed')] : [];
      phase = 'quiet';
      frames = 0;
      lastAt = Number.NEGATIVE_INFINITY;
      return changes;
    },
  };
}
