/** What a camera has to send enters; it leaves again after a reload, a crash or a night without network. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** What of an event an item carries. */
export type ItemKind = 'facts' | 'photo' | 'part';

/** One request that the server has not acknowledged. */
export interface QueueItem {
  /** Order of making; unique on this disk. */
  readonly key: number;
  readonly cameraId: string;
  readonly eventId: string;
  readonly kind: ItemKind;
  /** Number of the clip's part; 0 for the rest. */
  readonly n: number;
  /** The clip's last part. */
  readonly last: boolean;
  /** Media type of the body. */
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** An item without its body, which stays on disk until its turn comes. */
export type QueueEntry = Omit<QueueItem, 'body'>;

/** The disk behind the queue; each call resolves when it is done, and throws what the disk says. */
export interface QueueStore {
  put(item: QueueItem): Promise<void>;
  /** All that waits, oldest first. */
  entries(): Promise<QueueEntry[]>;
  body(key: number): Promise<Uint8Array<ArrayBuffer> | null>;
  remove(key: number): Promise<void>;
  close(): void;
}

interface QueueSchema extends DBSchema {
  entries: { key: number; value: QueueEntry };
  bodies: { key: number; value: Uint8Array<ArrayBuffer> };
}

/** Opens this camera's queue (an IndexedDB of its own), and makes it at the first time. */
export async function openQueueStore(cameraId: string): Promise<QueueStore> {
  const db: IDBPDatabase<QueueSchema> = await openDB<QueueSchema>(`vigie-queue-${cameraId}`, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('entries', { keyPath: 'key' });
      fresh.createObjectStore('bodies');
    },
    blocking: () => db.close(),
  });
  // Strict: acknowledged when it is on the disk itself, since a power cut may be part of the story.
  const write = () => db.transaction(['entries', 'bodies'], 'readwrite', { durability: 'strict' });
  return {
    async put({ body, ...entry }) {
      const transaction = write();
      await Promise.all([
        transaction.objectStore('entries').put(entry),
        transaction.objectStore('bodies').put(body, entry.key),
        transaction.done,
      ]);
    },
    entries: () => db.getAll('entries'),
    body: async (key) => (await db.get('bodies', key)) ?? null,
    async remove(key) {
      const transaction = write();
      await Promise.all([
        transaction.objectStore('entries').delete(key),
        transaction.objectStore('bodies').delete(key),
        transaction.done,
      ]);
    },
    close: () => db.close(),
  };
}
