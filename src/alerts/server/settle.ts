/** What became of one try enters; the row says so, and when to try again. */
import type { Outcome } from '../../mail/server/transport.ts';
import type { FailureCode } from '../../mail/shared/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeliveryRow, DeliveryStore, Trouble } from './delivery-store.ts';
import { pauseMillis, TRY_FOR_MILLIS } from './retry.ts';
import type { ServerGate } from './server-gate.ts';

/** A message that is of no use any more: thrown while composing. */
export class Expired extends Error {
  readonly code = 'expired';
}

interface Parts {
  readonly store: DeliveryStore;
  readonly clock: Clock;
  readonly gate: ServerGate;
  readonly random: () => number;
}

/** Writes the outcome of one try down; a try that ended in an error of our own is one that failed. */
export async function settleOutcome(
  parts: Parts,
  row: DeliveryRow,
  channel: 'mail' | 'mailbox',
  outcome: Outcome | Error,
): Promise<void> {
  const { store, clock, gate } = parts;
  if (outcome instanceof Expired) return store.refused(row, { code: outcome.code, text: null });
  if (outcome instanceof Error) return laterForIt(parts, row, { code: 'internal', text: null });
  switch (outcome.kind) {
    case 'sent':
      gate.worked();
      return store.sent(row, clock.now(), channel);
    case 'refused':
      gate.worked();
      return store.refused(row, troubleOf(outcome));
    case 'later':
      return outcome.scope === 'message'
        ? laterForIt(parts, row, troubleOf(outcome))
        : laterForAll(parts, row, troubleOf(outcome));
    case 'unknown':
      gate.failed();
      return doubtful(store, row, clock.now(), troubleOf(outcome));
    case 'withdrawn':
      // Deleted meanwhile: there is no such row. Still there: the database could not commit.
      return store.again(row, clock.now() + pauseMillis(1, parts.random()), null);
    default:
      return outcome satisfies never;
  }
}

/** The server answered, but not for this message: it goes on its own, slower and slower. */
async function laterForIt(parts: Parts, row: DeliveryRow, trouble: Trouble): Promise<void> {
  if (trouble.code !== 'internal') parts.gate.worked();
  const now = parts.clock.now();
  const at = now + pauseMillis(row.attempts, parts.random());
  if (at > row.createdAt + TRY_FOR_MILLIS) return parts.store.refused(row, trouble);
  return parts.store.again(row, at, trouble);
}

/**
 * The server seems to be away for everybody, and the gate keeps its pauses. The message goes to the end of its queue:
 * where it is the reason itself, the next one finds that out.
 */
async function laterForAll(parts: Parts, row: DeliveryRow, trouble: Trouble): Promise<void> {
  parts.gate.failed();
  const now = parts.clock.now();
  if (now > row.createdAt + TRY_FOR_MILLIS) return parts.store.refused(row, trouble);
  await parts.store.again(row, now, trouble, { attempts: row.attempts - 1 });
  // Those behind it wait for the same reason, and the app says so.
  return parts.store.heldBack(now, trouble);
}

/** Times an alarm goes again where the mail server hangs up instead of answering; a server that always does would get it forever. */
const REPEATS_UNANSWERED = 1;
/** Times it goes again where this process ended before the answer came. */
export const REPEATS_INTERRUPTED = 5;

/**
 * The end went out and no answer is known. An alarm held back is worse than one that comes twice, so it goes once
 * more with the same Message-ID; after `repeats` of that the app says that nobody knows.
 */
export async function doubtful(
  store: DeliveryStore,
  row: DeliveryRow,
  now: number,
  trouble: Trouble,
  repeats: number = REPEATS_UNANSWERED,
): Promise<void> {
  if (row.repeats >= repeats || row.kind === 'test') return store.unknown(row, trouble);
  return store.again(row, now, trouble, { repeats: row.repeats + 1 });
}

function troubleOf(outcome: { readonly code: FailureCode; readonly said: string | null }): Trouble {
  return { code: outcome.code, text: outcome.said };
}
