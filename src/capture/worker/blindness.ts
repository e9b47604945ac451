/** Causes that keep an armed camera from seeing come and go; whether it is blind, and each gap once it is over, leave. */
import type { BlindCause } from '../shared/messages.ts';

/** A stretch of time in which nothing was seen, ms since 1970. */
export interface Gap {
  readonly cause: BlindCause;
  readonly fromMillis: number;
  /** Null: it goes on. */
  readonly untilMillis: number | null;
}

export interface Blindness {
  /** A cause begins or ends. */
  set(cause: BlindCause, on: boolean, nowMillis: number): void;
  /** A frame has come. */
  frame(nowMillis: number): void;
  /** Time goes by: frames that stay away are noticed here. */
  tick(nowMillis: number): void;
  /** Gaps count from here on. */
  arm(nowMillis: number): void;
  disarm(nowMillis: number): void;
  /** All that keeps it from seeing now. */
  causes(): readonly BlindCause[];
}

/** Frames that stay away for so long are missing, ms. */
const FRAMES_LOST_MILLIS = 3000;
/** Causes for which pictures are really missing, and not only at risk. */
const DARK: readonly BlindCause[] = ['track-ended', 'track-muted', 'no-frames'];

/**
 * @param onChange the causes have changed
 * @param onGap a gap begins (`untilMillis` null), and again when it is over, while armed
 */
export function createBlindness(onChange: () => void, onGap: (gap: Gap) => void): Blindness {
  const causes = new Set<BlindCause>();
  /** Null: it is not armed. */
  let armedAtMillis: number | null = null;
  let lastFrameMillis: number | null = null;
  let gap: Gap | null = null;

  function set(cause: BlindCause, on: boolean, nowMillis: number): void {
    if (causes.has(cause) === on) return;
    if (on) causes.add(cause);
    else causes.delete(cause);
    follow(nowMillis);
    onChange();
  }

  function follow(nowMillis: number): void {
    const cause = DARK.find((one) => causes.has(one));
    if (cause && armedAtMillis !== null && !gap) {
      const fromMillis = Math.min(nowMillis, Math.max(armedAtMillis, lastFrameMillis ?? nowMillis));
      gap = { cause, fromMillis, untilMillis: null };
      onGap(gap);
    } else if (gap && (!cause || armedAtMillis === null)) {
      onGap({ ...gap, untilMillis: nowMillis });
      gap = null;
    }
  }

  return {
    set,
    frame(nowMillis) {
      lastFrameMillis = nowMillis;
      set('no-frames', false, nowMillis);
    },
    tick(nowMillis) {
      if (lastFrameMillis === null) return;
      // A clock that was set back.
      if (nowMillis < lastFrameMillis) lastFrameMillis = nowMillis;
      if (armedAtMillis !== null && nowMillis < armedAtMillis) armedAtMillis = nowMillis;
      if (nowMillis - lastFrameMillis >= FRAMES_LOST_MILLIS) set('no-frames', true, nowMillis);
    },
    arm(nowMillis) {
      armedAtMillis = nowMillis;
      lastFrameMillis ??= nowMillis;
      follow(nowMillis);
    },
    disarm(nowMillis) {
      armedAtMillis = null;
      follow(nowMillis);
    },
    causes: () => [...causes],
  };
}
