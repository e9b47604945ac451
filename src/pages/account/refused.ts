/** The newest events enter; the last alert that is over leaves, where nobody wants to take it. */
import type { TimelineEvent } from '../../events/shared/schema.ts';

export interface Refused {
  readonly event: TimelineEvent;
  readonly recipient: string;
  /** The mail server's own words; null: none. */
  readonly error: string | null;
}

/** @param events newest first. @returns null: the last alert of which the end is known was accepted, or there is none */
export function lastRefused(events: readonly TimelineEvent[]): Refused | null {
  for (const event of events) {
    const over = event.deliveries.filter(({ state }) => state === 'sent' || state === 'refused');
    if (over.length === 0) continue;
    const refused = over.find(({ state }) => state === 'refused');
    return refused ? { event, recipient: refused.recipient, error: refused.error } : null;
  }
  return null;
}
