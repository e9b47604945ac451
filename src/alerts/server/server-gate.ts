/** What the mail server as a whole did enters; whether another message may try it leaves. */
import type { Clock } from '../../ports/clock.ts';
import { pauseMillis } from './retry.ts';

/** Longest pause while the server cannot be reached, milliseconds: one connection in ten minutes troubles nobody. */
const LONGEST_MILLIS = 600_000;
/** Shortest pause, however urgent the message, milliseconds. */
const SHORTEST_MILLIS = 5_000;

export interface ServerGate {
  /** Whether one more message may go at `now` while `running` are on their way. After a failure one goes ahead. */
  allows(running: number, now: number): boolean;
  /** When it opens again, milliseconds since 1970; null: it is open. */
  opensAt(): number | null;
  /** The server could not be reached, or refused to talk at all. */
  failed(): void;
  /** The server talked. */
  worked(): void;
  /** Something urgent waits: look again soon, but not at once. */
  hurry(): void;
  /** Forgets what happened: it is another server now. */
  reset(): void;
}

export function createServerGate(clock: Clock, random: () => number): ServerGate {
  let failures = 0;
  let failedAt = 0;
  let opensAt = 0;
  const open = () => {
    failures = 0;
    opensAt = 0;
  };
  return {
    allows: (running, now) => failures === 0 || (now >= opensAt && running === 0),
    opensAt: () => (failures === 0 ? null : opensAt),
    failed() {
      // Several that were on their way heard of the same trouble.
      if (failures > 0 && clock.now() < opensAt) return;
      failures += 1;
      failedAt = clock.now();
      opensAt = failedAt + pauseMillis(failures, random(), LONGEST_MILLIS);
    },
    worked: open,
    hurry() {
      if (failures > 0) opensAt = Math.min(opensAt, failedAt + SHORTEST_MILLIS);
    },
    reset: open,
  };
}
