/** What a process that ended left in the middle enters; rows that can be worked on leave. */
import type { Clock } from '../../ports/clock.ts';
import type { DeliveryStore } from './delivery-store.ts';
import { doubtful, REPEATS_INTERRUPTED } from './settle.ts';

/**
 * To be called once, before anything is sent, by the one process that sends. What had not reached its final dot was
 * not accepted by anybody and is queued; what had may have arrived, and an alarm goes once more.
 */
export async function recoverInterrupted(store: DeliveryStore, clock: Clock): Promise<void> {
  const now = clock.now();
  for (const row of await store.interrupted()) {
    if (row.state === 'at-dot')
      await doubtful(store, row, now, { code: 'interrupted', text: null }, REPEATS_INTERRUPTED);
    else await store.again(row, row.nextAttemptAt, null, { attempts: row.attempts - 1 });
  }
  await store.releasePhotographed(now);
}
