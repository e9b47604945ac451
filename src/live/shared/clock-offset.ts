/** Round trips with the server enter; by how much its clock is ahead of this machine's leaves. */

/** Round trips that are remembered: a minute of beats, so that a clock that was set is noticed. */
const SAMPLES = 12;
/** A round trip that contradicts the estimate by more than it could by its length: this machine's clock was set. */
const TOLERANCE_MILLIS = 50;

export interface ClockOffset {
  /** All in ms since 1970: request left and answer came by this machine's clock, and the server's time in between. */
  sample(sentAt: number, receivedAt: number, serverNow: number): void;
  /** Server time minus this machine's time, ms; 0 before the first sample. */
  millis(): number;
  /** No estimate is wrong by more than half the shortest round trip, ms; Infinity before the first sample. */
  uncertaintyMillis(): number;
}

/** Trusts the shortest round trip of the last minute (as NTP's clock filter, RFC 5905 § 10). */
export function createClockOffset(): ClockOffset {
  let samples: { readonly roundTrip: number; readonly offset: number }[] = [];
  let best: { readonly roundTrip: number; readonly offset: number } | null = null;
  return {
    sample(sentAt, receivedAt, serverNow) {
      const roundTrip = receivedAt - sentAt;
      if (!(roundTrip >= 0) || !Number.isFinite(serverNow)) return;
      const sample = { roundTrip, offset: serverNow - (sentAt + receivedAt) / 2 };
      const wasSet =
        best && Math.abs(sample.offset - best.offset) > (roundTrip + best.roundTrip) / 2 + TOLERANCE_MILLIS;
      samples = [...(wasSet ? [] : samples.slice(1 - SAMPLES)), sample];
      best = samples.reduce((least, other) => (other.roundTrip < least.roundTrip ? other : least));
    },
    millis: () => best?.offset ?? 0,
    uncertaintyMillis: () => (best ? best.roundTrip / 2 : Number.POSITIVE_INFINITY),
  };
}
