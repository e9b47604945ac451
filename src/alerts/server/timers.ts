/** A delay enters; a call after it leaves. Injected, so that tests let days pass in no time. */

export interface Timers {
  /** Calls `run` once after `millis` (0 or more). Returns what cancels it. */
  after(millis: number, run: () => void): () => void;
}

/** The machine's own timers; they do not keep the process alive. */
export const systemTimers: Timers = {
  after(millis, run) {
    // setTimeout takes at most 2³¹ − 1 ms; an early call only looks again.
    const timer = setTimeout(run, Math.min(millis, 2 ** 31 - 1));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
