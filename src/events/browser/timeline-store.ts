/** Pages of the timeline and news of single events enter; the list as it is to be shown leaves, newest first, as signals. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Timeline, TimelineEvent } from '../shared/schema.ts';

/** An event's name: its camera and its id together. */
export interface EventKey {
  readonly cameraId: string;
  readonly id: string;
}

/** What the store asks of the server. Each rejects as the API client does. */
export interface TimelineApi {
  page(query: { readonly camera: string | null; readonly before: string | null }): Promise<Timeline>;
  /** Undefined where there is no such event (any more). */
  one(key: EventKey): Promise<TimelineEvent | undefined>;
  remove(key: EventKey): Promise<void>;
  restore(key: EventKey): Promise<void>;
}

export type LoadState = 'loading' | 'ready' | 'failed';

export interface TimelineStore {
  readonly events: ReadonlySignal<readonly TimelineEvent[]>;
  readonly state: ReadonlySignal<LoadState>;
  /** Why the last request failed; null: it did not. */
  readonly failure: ReadonlySignal<unknown>;
  /** Whether there are earlier events than those shown. */
  readonly hasEarlier: ReadonlySignal<boolean>;
  readonly loadingEarlier: ReadonlySignal<boolean>;
  /** All that began after this is here, ms since 1970; null: all there is. */
  readonly completeSince: ReadonlySignal<number | null>;
  /** Begins anew with one camera's events, or all (`null`). */
  load(camera: string | null): Promise<void>;
  /** Asked for twice at once: once. */
  loadEarlier(): Promise<void>;
  /** Compares the newest page with what is shown: what came is added, what went is removed. */
  refresh(): Promise<void>;
  /** Something about one event changed: asks for it. Gives it, or undefined where it is gone. */
  changed(key: EventKey): Promise<TimelineEvent | undefined>;
  /** Takes it from the list at once, then from the server. Rejects, with the event back in the list, where that fails. */
  remove(key: EventKey): Promise<void>;
  /** Undoes {@link remove}. */
  restore(key: EventKey): Promise<void>;
}

/** Text of a key, as it stands behind `#` in a link: `<cameraId>.<eventId>`. */
export function keyText({ cameraId, id }: EventKey): string {
  return `${cameraId}.${id}`;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const HASH = new RegExp(`^#(${UUID})\\.(${UUID})$`);

/** Reads `#<cameraId>.<eventId>`; null where it is anything else. */
export function keyOfHash(hash: string): EventKey | null {
  const [, cameraId, id] = HASH.exec(hash.toLowerCase()) ?? [];
  return cameraId === undefined || id === undefined ? null : { cameraId, id };
}

/** Order of the timeline, as the server's: newest capture first, then by ids. */
export function newestFirst(a: TimelineEvent, b: TimelineEvent): number {
  if (a.startedAt !== b.startedAt) return b.startedAt - a.startedAt;
  if (a.id !== b.id) return a.id < b.id ? 1 : -1;
  if (a.cameraId !== b.cameraId) return a.cameraId < b.cameraId ? 1 : -1;
  return 0;
}

export function createTimelineStore(api: TimelineApi): TimelineStore {
  const events = signal<readonly TimelineEvent[]>([]);
  const state = signal<LoadState>('loading');
  const failure = signal<unknown>(null);
  const next = signal<string | null>(null);
  const hasEarlier = signal(false);
  const loadingEarlier = signal(false);
  const completeSince = signal<number | null>(null);
  /** Deleted here; an answer that was under way does not bring them back. */
  const removed = new Set<string>();
  let earlierUnderWay: Promise<void> | null = null;
  let camera: string | null = null;
  /** Counts beginnings: answers to an earlier one are dropped. */
  let generation = 0;

  const put = (fresh: readonly TimelineEvent[], keep: (event: TimelineEvent) => boolean = () => true) => {
    const byKey = new Map(events.value.filter(keep).map((event) => [keyText(event), event]));
    for (const event of fresh) byKey.set(keyText(event), event);
    for (const key of removed) byKey.delete(key);
    events.value = [...byKey.values()].sort(newestFirst);
  };
  /** Whether it is one of those that were asked for. */
  const isChosen = (event: TimelineEvent) => camera === null || camera === event.cameraId;
  const setEnd = (page: Timeline) => {
    next.value = page.next;
    hasEarlier.value = page.next !== null;
    completeSince.value = page.next === null ? null : (page.events.at(-1)?.startedAt ?? null);
  };
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    const mine = generation;
    try {
      const answer = await work();
      if (mine !== generation) return undefined;
      failure.value = null;
      return answer;
    } catch (error) {
      if (mine === generation) failure.value = error;
      return undefined;
    }
  };

  const askEarlier = async () => {
    const before = next.value;
    if (before === null) return;
    loadingEarlier.value = true;
    const page = await attempt(() => api.page({ camera, before }));
    loadingEarlier.value = false;
    // The list began anew meanwhile: what follows on the old one would leave a hole.
    if (!page || next.value !== before) return;
    put(page.events);
    setEnd(page);
  };

  return {
    events,
    state,
    failure,
    hasEarlier,
    loadingEarlier,
    completeSince,
    async load(chosen) {
      generation++;
      camera = chosen;
      events.value = [];
      setEnd({ events: [], next: null });
      state.value = 'loading';
      const mine = generation;
      const page = await attempt(() => api.page({ camera, before: null }));
      if (mine !== generation) return;
      if (page) {
        put(page.events);
        setEnd(page);
      }
      state.value = page ? 'ready' : 'failed';
    },
    loadEarlier() {
      earlierUnderWay ??= askEarlier().finally(() => {
        earlierUnderWay = null;
      });
      return earlierUnderWay;
    },
    async refresh() {
      const page = await attempt(() => api.page({ camera, before: null }));
      if (!page) return;
      const oldest = page.next === null ? null : (page.events.at(-1) ?? null);
      const known = new Set([...events.value.map(keyText), ...removed]);
      // More came than a page holds: between it and what is shown some are missing, and the list begins anew.
      const joins = oldest === null || known.has(keyText(oldest));
      // Older than the page: it says nothing of them. Within it: only what it names is still there.
      put(page.events, (event) => joins && oldest !== null && newestFirst(oldest, event) < 0);
      if (!joins || oldest === null) setEnd(page);
      state.value = 'ready';
    },
    async changed(key) {
      // The news of what was deleted here comes back here, too.
      if (removed.has(keyText(key))) return undefined;
      const mine = generation;
      const event = await api.one(key);
      if (mine !== generation) return event;
      if (event && isChosen(event)) put([event]);
      else if (!event) events.value = events.value.filter((shown) => keyText(shown) !== keyText(key));
      return event;
    },
    async remove(key) {
      const gone = events.value.find((event) => keyText(event) === keyText(key));
      removed.add(keyText(key));
      put([]);
      try {
        await api.remove(key);
      } catch (error) {
        removed.delete(keyText(key));
        if (gone && isChosen(gone)) put([gone]);
        throw error;
      }
    },
    async restore(key) {
      await api.restore(key);
      removed.delete(keyText(key));
      const event = await api.one(key);
      if (event && isChosen(event)) put([event]);
    },
  };
}
