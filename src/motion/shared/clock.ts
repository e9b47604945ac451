/** Enters each frame's time stamp; leaves watched seconds: a clock of its own, which gaps and jumping time stamps do not move. */

/** No gap between frames counts as longer than this. */
const LONGEST_STEP_SECONDS = 1;

/** Handed on as an object, whose numbers change in place: passing a number that is not whole allocates. */
export interface Clock {
  /** Watched seconds since the start. */
  seconds: number;
  /** Of these, since the frame before. */
  elapsedSeconds: number;
  /** The newest frame's time stamp. */
  stampSeconds: number;
}

/** Starts a clock at a frame. */
export function start(clock: Clock, stampSeconds: number): void {
  clock.seconds = 0;
  clock.elapsedSeconds = 0;
  clock.stampSeconds = stampSeconds;
}

/** Moves a clock on to the next frame. */
export function tick(clock: Clock, stampSeconds: number): void {
  const step = stampSeconds - clock.stampSeconds;
  clock.elapsedSeconds = step;
  if (!(step > 0)) clock.elapsedSeconds = 0;
  else if (step > LONGEST_STEP_SECONDS) clock.elapsedSeconds = LONGEST_STEP_SECONDS;
  clock.seconds += clock.elapsedSeconds;
  clock.stampSeconds = stampSeconds;
}
