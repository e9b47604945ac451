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

type QueueDatabase = IDBPDatabase<QueueSchema>;

/**
 * Opens this camera's queue (an IndexedDB of its own), and makes it at the first time. A connection that the browser
 * drops is opened again.
 */
export async function openQueueStore(cameraId: string): Promise<QueueStore> {
  let connection: Promise<QueueDatabase> | null = null;
  let closed = false;
  const shut = () => {
    closed = true;
    connection?.then((db) => db.close()).catch(() => undefined);
  };
  const connect = (): Promise<QueueDatabase> => {
    if (closed) return Promise.reject(new DOMException('the queue is closed', 'AbortError'));
    connection ??= openDB<QueueSchema>(`vigie-queue-${cameraId}`, 1, {
      upgrade(fresh) {
        fresh.createObjectStore('entries', { keyPath: 'key' });
        fresh.createObjectStore('bodies');
      },
      blocking: shut,
      terminated: () => {
        connection = null;
      },
    });
    const mine = connection;
    // An opening that failed is not kept: the next may be well.
    mine.catch(() => {
      if (connection === mine) connection = null;
    });
    return mine;
  };
  /** Once more on a new connection, where this one turns out to be gone. */
  async function on<T>(work: (db: QueueDatabase) => Promise<T>): Promise<T> {
    const used = connect();
    try {
      return await work(await used);
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error;
      if (connection === used) connection = null;
      used.then((db) => db.close()).catch(() => undefined);
      return work(await connect());
    }
  }
  // Strict: acknowledged when it is on the disk itself, since a power cut may be part of the story.
  const write = (db: QueueDatabase) => db.transaction(['entries', 'bodies'], 'readwrite', { durability: 'strict' });
  await connect();
  return {
    put: ({ body, ...entry }) =>
      on(async (db) => {
        const transaction = write(db);
        await Promise.all([
          transaction.objectStore('entries').put(entry),
          transaction.objectStore('bodies').put(body, entry.key),
          transaction.done,
        ]);
      }),
    entries: () => on((db) => db.getAll('entries')),
    body: async (key) => (await on((db) => db.get('bodies', key))) ?? null,
    remove: (key) =>
      on(async (db) => {
        const transaction = write(db);
        await Promise.all([
          transaction.objectStore('entries').delete(key),
          transaction.objectStore('bodies').delete(key),
          transaction.done,
        ]);
      }),
    close: shut,
  };
}

/** Instead of a disk that cannot be opened: what is in it goes with the page. */
export function createMemoryStore(): QueueStore {
  const items = new Map<number, QueueItem>();
  return {
    async put(item) {
      items.set(item.key, item);
    },
    entries: async () => [...items.values()].map(({ body: _, ...entry }) => entry).sort((a, b) => a.key - b.key),
    body: async (key) => items.get(key)?.body ?? null,
    async remove(key) {
      items.delete(key);
    },
    close: () => undefined,
  };
}
