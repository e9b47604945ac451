/** A paired camera's items enter; they leave for the server by the queue, and what becomes of them is told. */
import type { CameraCredentials } from '../../cameras/worker/signed-request.ts';
import { createQueue, type Queue, type QueueState } from '../../events/worker/queue.ts';
import {
  createMemoryStore,
  openQueueStore,
  type QueueEntry,
  type QueueItem,
  type QueueStore,
} from '../../events/worker/queue-store.ts';
import { sendItem } from '../../events/worker/send.ts';

export interface OutboxEvents {
  onState(state: QueueState): void;
  onSent(entry: QueueEntry): void;
  onDropped(entry: QueueEntry, code: string): void;
  /** What is sent from here on may not outlive this visit: the disk is full, or cannot be opened. */
  onDiskError(error: unknown): void;
}

export interface Outbox {
  add(item: Omit<QueueItem, 'key' | 'cameraId'>): void;
  wake(): void;
  state(): QueueState;
  /** Sends no more; what waits stays on the disk. */
  close(): void;
}

/** A disk that does not open in this time is done without, ms. */
const OPENING_MILLIS = 10_000;

/**
 * What is added while the disk is being opened is not lost; where it cannot be opened, memory stands in.
 *
 * @param openStore injected by tests
 */
export function createOutbox(
  credentials: CameraCredentials,
  events: OutboxEvents,
  openStore: (cameraId: string) => Promise<QueueStore> = openQueueStore,
): Outbox {
  const early: Omit<QueueItem, 'key' | 'cameraId'>[] = [];
  let queue: Queue | null = null;
  let closed = false;
  const add = (item: Omit<QueueItem, 'key' | 'cameraId'>) => {
    if (queue) queue.add({ ...item, cameraId: credentials.cameraId });
    else early.push(item);
  };
  const queueOn = (store: QueueStore) =>
    createQueue({
      store,
      send: (item) => sendItem(credentials, item),
      pause,
      random: Math.random,
      onState: events.onState,
      onItem: (entry, result) =>
        result.kind === 'never' ? events.onDropped(entry, result.code) : events.onSent(entry),
      onDiskError: events.onDiskError,
    });
  const opening = async () => {
    queue = await inTime(openStore(credentials.cameraId).then(queueOn)).catch((error) => {
      events.onDiskError(error);
      return queueOn(createMemoryStore());
    });
    if (closed) return queue.close();
    events.onState(queue.state());
    for (const item of early.splice(0)) add(item);
  };
  opening().catch(events.onDiskError);
  return {
    add,
    wake: () => queue?.wake(),
    state: () => queue?.state() ?? { events: 0, items: 0, state: 'sending' },
    close() {
      closed = true;
      queue?.close();
    },
  };
}

/** @throws DOMException TimeoutError where it has not come in {@link OPENING_MILLIS}; it is closed when it comes */
async function inTime(opening: Promise<Queue>): Promise<Queue> {
  const signal = AbortSignal.timeout(OPENING_MILLIS);
  const late = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  opening.then((queue) => signal.aborted && queue.close()).catch(() => undefined);
  return Promise.race([opening, late]);
}

function pause(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
