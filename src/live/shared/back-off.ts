/** Failed tries enter; the pause before the next one leaves. */

export interface BackOff {
  /** The next pause, ms: doubles from try to try up to the bound, between half of it and the whole by chance. */
  next(): number;
  /** It worked: begin again with the shortest pause. */
  reset(): void;
  /** Tries that failed since it last worked. */
  readonly failures: number;
}

/**
 * @param firstMillis longest first pause, ms
 * @param boundMillis longest pause of all, ms
 * @param random 0..1; chance keeps a thousand cameras from coming back in the same instant
 */
export function createBackOff(firstMillis: number, boundMillis: number, random: () => number = Math.random): BackOff {
  let failures = 0;
  return {
    next() {
      const whole = Math.min(boundMillis, firstMillis * 2 ** Math.min(failures, 30));
      failures++;
      return whole * (0.5 + random() / 2);
    },
    reset() {
      failures = 0;
    },
    get failures() {
      return failures;
    },
  };
}
