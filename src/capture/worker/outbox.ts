/** A paired camera's items enter; they leave for the server by the queue, and what becomes of them is told. */
import type { CameraCredentials } from '../../cameras/worker/signed-request.ts';
import { createQueue, type Queue, type QueueState } from '../../events/worker/queue.ts';
import { openQueueStore, type QueueEntry, type QueueItem } from '../../events/worker/queue-store.ts';
import { sendItem } from '../../events/worker/send.ts';

export interface OutboxEvents {
  onState(state: QueueState): void;
  onSent(entry: QueueEntry): void;
  onDropped(entry: QueueEntry, code: string): void;
  onDiskError(error: unknown): void;
}

export interface Outbox {
  add(item: Omit<QueueItem, 'key' | 'cameraId'>): void;
  wake(): void;
  state(): QueueState;
  /** Sends no more; what waits stays on the disk. */
  close(): void;
}

/** What is added while the disk is being opened is not lost. */
export function createOutbox(credentials: CameraCredentials, events: OutboxEvents): Outbox {
  const early: Omit<QueueItem, 'key' | 'cameraId'>[] = [];
  let queue: Queue | null = null;
  let closed = false;
  const add = (item: Omit<QueueItem, 'key' | 'cameraId'>) => {
    if (queue) queue.add({ ...item, cameraId: credentials.cameraId });
    else early.push(item);
  };
  const opening = async () => {
    const store = await openQueueStore(credentials.cameraId);
    queue = await createQueue({
      store,
      send: (item) => sendItem(credentials, item),
      pause,
      random: Math.random,
      onState: events.onState,
      onItem: (entry, result) =>
        result.kind === 'never' ? events.onDropped(entry, result.code) : events.onSent(entry),
      onDiskError: events.onDiskError,
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

function pause(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
