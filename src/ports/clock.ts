/** Nothing enters; the time leaves. Everything that asks for the time gets a clock, so that tests turn the hands. */

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };
