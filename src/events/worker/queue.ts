/** What an event gives to send enters; it leaves in order, again and again until the server has it. */
import type { ItemKind, QueueEntry, QueueItem, QueueStore } from './queue-store.ts';

/** What became of one attempt. */
export type SendResult =
  /** On the server's disk. */
  | { readonly kind: 'done' }
  /** The network or the server cannot now. */
  | { readonly kind: 'retry' }
  /** The signature was not found good: a damaged upload, or a camera that the server does not know; told apart by repeating. */
  | { readonly kind: 'unproven' }
  /** The camera's key is not accepted (any more): everything stays, and is tried rarely. */
  | { readonly kind: 'revoked' }
  /** This item can never be accepted: it is dropped, and said. */
  | { readonly kind: 'never'; readonly code: string };

/** How the queue stands. */
export interface QueueState {
  /** Events with anything left to send. */
  readonly events: number;
  readonly items: number;
  /** `sending`: on its way or empty; `waiting`: until the next attempt; `revoked`: the account took the camera's right away. */
  readonly state: 'sending' | 'waiting' | 'revoked';
}

export interface QueueOptions {
  readonly store: QueueStore;
  readonly send: (item: QueueItem) => Promise<SendResult>;
  /** Resolves after so many ms, or at once when `wake` is called. */
  readonly pause: (millis: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly onState: (state: QueueState) => void;
  /** An item was sent (`done`) or dropped (`never`). */
  readonly onItem: (entry: QueueEntry, result: SendResult) => void;
  /** The disk does not take any more; what it refused is still being sent. */
  readonly onDiskError: (error: unknown) => void;
}

export interface Queue {
  /** Takes something to send; it leaves at once where nothing is before it, while it is being written to disk. */
  add(item: Omit<QueueItem, 'key'>): void;
  /** Tries at once: the network is back. */
  wake(): void;
  state(): QueueState;
  close(): void;
}

const PAUSE_FIRST_MILLIS = 500;
const PAUSE_MAX_MILLIS = 60_000;
const PAUSE_REVOKED_MILLIS = 300_000;
/** Requests in a row whose signature was not found good before the camera counts as revoked. */
const UNPROVEN_MAX = 3;

/** So many wait in memory at most, beside what is on the disk: on a slow uplink, films come faster than they leave. */
const IN_MEMORY_MAX = 8;

/** Facts and photos are one lane, clip parts another: an alarm never waits behind a film. */
const LANES: readonly (readonly ItemKind[])[] = [['facts', 'photo'], ['part']];

interface Waiting {
  readonly entry: QueueEntry;
  /** In memory until sent for what was made in this visit, as far as there is room; null: on disk only. */
  body: Uint8Array<ArrayBuffer> | null;
  /** Settles when the disk has it, or has refused it. */
  readonly written: Promise<void>;
}

/** @param options.store what waits on it from before is sent first, in order */
export async function createQueue(options: QueueOptions): Promise<Queue> {
  const { store } = options;
  const found = await store.entries();
  const waiting: Waiting[] = found.map((entry) => ({ entry, body: null, written: Promise.resolve() }));
  let nextKey = Math.max(Date.now() * 1000, ...found.map((entry) => entry.key + 1));
  let closed = false;
  const lanes = LANES.map((kinds) => ({
    kinds,
    running: false,
    failures: 0,
    unproven: 0,
    revoked: false,
    wake: new AbortController(),
  }));

  function state(): QueueState {
    const events = new Set(waiting.map(({ entry }) => entry.eventId)).size;
    const revoked = lanes.some((lane) => lane.revoked);
    return {
      events,
      items: waiting.length,
      state: revoked ? 'revoked' : lanes.some((lane) => lane.failures > 0) ? 'waiting' : 'sending',
    };
  }

  /** The oldest of the lane; a part waits for facts of its event that have not arrived. */
  function next(kinds: readonly ItemKind[]): Waiting | undefined {
    const ahead = new Set(waiting.filter(({ entry }) => entry.kind !== 'part').map(({ entry }) => entry.eventId));
    return waiting.find(
      ({ entry }) => kinds.includes(entry.kind) && (entry.kind !== 'part' || !ahead.has(entry.eventId)),
    );
  }

  async function attempt(item: Waiting): Promise<SendResult> {
    const body = item.body ?? (await store.body(item.entry.key));
    if (!body) return { kind: 'never', code: 'lost-on-disk' };
    return options.send({ ...item.entry, body });
  }

  async function forget(item: Waiting): Promise<void> {
    waiting.splice(waiting.indexOf(item), 1);
    await item.written;
    await store.remove(item.entry.key).catch(options.onDiskError);
  }

  async function run(lane: (typeof lanes)[number]): Promise<void> {
    if (lane.running) return;
    lane.running = true;
    for (let item = next(lane.kinds); item && !closed; item = next(lane.kinds)) {
      const result = await attempt(item).catch((): SendResult => ({ kind: 'retry' }));
      if (closed) break;
      if (result.kind === 'done' || result.kind === 'never') {
        lane.failures = 0;
        lane.unproven = 0;
        lane.revoked = false;
        void forget(item);
        options.onItem(item.entry, result);
        options.onState(state());
        // The other lane may have waited for this.
        for (const other of lanes) if (other !== lane) void run(other);
        continue;
      }
      lane.failures++;
      lane.unproven = result.kind === 'unproven' ? lane.unproven + 1 : 0;
      lane.revoked = result.kind === 'revoked' || lane.unproven >= UNPROVEN_MAX;
      options.onState(state());
      const growing = Math.min(PAUSE_MAX_MILLIS, PAUSE_FIRST_MILLIS * 2 ** (lane.failures - 1));
      const millis = lane.revoked ? PAUSE_REVOKED_MILLIS : growing;
      lane.wake = new AbortController();
      await options.pause(millis * (0.75 + options.random() / 2), lane.wake.signal);
    }
    lane.running = false;
  }

  function releaseBody(item: Waiting): void {
    item.body = null;
  }

  const runAll = () => {
    for (const lane of lanes) void run(lane);
  };
  runAll();
  return {
    add(item) {
      const key = nextKey++;
      const { body, ...rest } = item;
      const written = store.put({ ...item, key });
      const made: Waiting = { entry: { ...rest, key }, body, written: written.catch(options.onDiskError) };
      waiting.push(made);
      // Without network, or far behind, memory is not the place to wait in.
      written.then(
        () => (state().state !== 'sending' || waiting.indexOf(made) >= IN_MEMORY_MAX) && releaseBody(made),
        () => undefined,
      );
      options.onState(state());
      runAll();
    },
    wake() {
      for (const lane of lanes) lane.wake.abort();
      runAll();
    },
    state,
    close() {
      closed = true;
      for (const lane of lanes) lane.wake.abort();
      store.close();
    },
  };
}
