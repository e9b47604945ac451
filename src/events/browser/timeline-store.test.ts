import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Timeline, TimelineEvent } from '../shared/schema.ts';
import {
  createTimelineStore,
  type EventKey,
  keyOfHash,
  keyText,
  type TimelineApi,
  type TimelineStore,
} from './timeline-store.ts';

const CAMERA = '0190a5c0-0000-7000-8000-00000000000a';
const OTHER = '0190a5c0-0000-7000-8000-00000000000b';

function event(n: number, change: Partial<TimelineEvent> = {}): TimelineEvent {
  return {
    id: `0190a5c0-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`,
    cameraId: CAMERA,
    cameraName: 'Hall',
    kind: 'intrusion',
    startedAt: 1000 * n,
    endedAt: 1000 * n + 500,
    receivedAt: 1000 * n,
    timeZone: 'Europe/Paris',
    score: 0.1,
    reason: { code: 'object', values: {} },
    boxes: [],
    continues: null,
    hasPhoto: true,
    clipParts: 1,
    clipType: 'video/mp4',
    clipComplete: true,
    deliveries: [],
    ...change,
  };
}

/** A server of three events a page. */
class FakeApi implements TimelineApi {
  stored: TimelineEvent[] = [];
  broken = false;
  /** While set, answers wait for it. */
  gate: Promise<void> = Promise.resolve();

  async page({ camera, before }: { camera: string | null; before: string | null }): Promise<Timeline> {
    const all = this.stored
      .filter(
        (one) => (camera === null || one.cameraId === camera) && (before === null || one.startedAt < Number(before)),
      )
      .sort((a, b) => b.startedAt - a.startedAt);
    await this.gate;
    if (this.broken) throw new Error('no server');
    const events = all.slice(0, 3);
    return { events, next: all.length > 3 ? String(events.at(-1)?.startedAt) : null };
  }
  async one(key: EventKey): Promise<TimelineEvent | undefined> {
    return this.stored.find((one) => keyText(one) === keyText(key));
  }
  async remove(key: EventKey): Promise<void> {
    if (this.broken) throw new Error('no server');
    this.taken = await this.one(key);
    this.stored = this.stored.filter((one) => keyText(one) !== keyText(key));
  }
  async restore(): Promise<void> {
    if (this.taken) this.stored.push(this.taken);
  }
  private taken: TimelineEvent | undefined;
}

let api: FakeApi;
let store: TimelineStore;
const shown = () => store.events.value.map((one) => one.startedAt / 1000);

beforeEach(() => {
  api = new FakeApi();
  api.stored = [1, 2, 3, 4, 5].map((n) => event(n));
  store = createTimelineStore(api);
});

describe('the timeline', () => {
  it('shows the newest first, earlier ones when asked, until the first', async () => {
    await store.load(null);
    expect([shown(), store.hasEarlier.value, store.state.value]).toEqual([[5, 4, 3], true, 'ready']);
    await store.loadEarlier();
    expect([shown(), store.hasEarlier.value]).toEqual([[5, 4, 3, 2, 1], false]);
  });

  it('adds an event that has just begun, and follows what changes of it', async () => {
    await store.load(null);
    api.stored.push(event(6, { endedAt: null, hasPhoto: false }));
    await store.changed(event(6));
    expect(shown()).toEqual([6, 5, 4, 3]);
    api.stored[5] = event(6);
    await store.changed(event(6));
    expect(store.events.value[0]).toMatchObject({ hasPhoto: true, endedAt: 6500 });
  });

  it('drops an event that was deleted elsewhere', async () => {
    await store.load(null);
    api.stored = api.stored.filter((one) => one.startedAt !== 4000);
    await store.changed(event(4));
    expect(shown()).toEqual([5, 3]);
  });

  it('does not ask for what it has just deleted itself', async () => {
    await store.load(null);
    await store.remove(event(4));
    const one = vi.spyOn(api, 'one');
    expect(await store.changed(event(4))).toBeUndefined();
    expect(one).not.toHaveBeenCalled();
    expect(shown()).toEqual([5, 3]);
  });

  it('takes a deleted event away at once and brings it back with Undo', async () => {
    await store.load(null);
    const removing = store.remove(event(4));
    expect(shown()).toEqual([5, 3]);
    await removing;
    await store.restore(event(4));
    expect(shown()).toEqual([5, 4, 3]);
  });

  it('puts an event back that could not be deleted', async () => {
    await store.load(null);
    api.broken = true;
    await expect(store.remove(event(4))).rejects.toThrow('no server');
    expect(shown()).toEqual([5, 4, 3]);
  });

  it('is not undone by an answer that was under way when an event was deleted', async () => {
    await store.load(null);
    let open = () => {};
    api.gate = new Promise((resolve) => {
      open = resolve;
    });
    const refreshing = store.refresh();
    await store.remove(event(5));
    open();
    await refreshing;
    expect(shown()).toEqual([4, 3]);
  });

  it('catches up after an outage: what came is there, what went is gone, earlier ones stay', async () => {
    await store.load(null);
    await store.loadEarlier();
    api.stored = [...api.stored.filter((one) => one.startedAt !== 5000), event(7)];
    await store.refresh();
    expect(shown()).toEqual([7, 4, 3, 2, 1]);
  });

  it('leaves none out after an outage in which more came than a page holds', async () => {
    await store.load(null);
    api.stored.push(...[6, 7, 8, 9, 10, 11].map((n) => event(n)));
    await store.refresh();
    expect(shown()).toEqual([11, 10, 9]);
    while (store.hasEarlier.value) await store.loadEarlier();
    expect(shown()).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('leaves none out where earlier ones were under way when the list began anew', async () => {
    await store.load(null);
    let open = () => {};
    api.gate = new Promise((resolve) => {
      open = resolve;
    });
    const earlier = store.loadEarlier();
    api.gate = Promise.resolve();
    api.stored.push(...[6, 7, 8, 9, 10, 11].map((n) => event(n)));
    await store.refresh();
    open();
    await earlier;
    while (store.hasEarlier.value) await store.loadEarlier();
    expect(shown()).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('asks once where earlier ones are asked for twice at once', async () => {
    await store.load(null);
    await Promise.all([store.loadEarlier(), store.loadEarlier()]);
    expect([shown(), store.loadingEarlier.value]).toEqual([[5, 4, 3, 2, 1], false]);
  });

  it('says since when it is complete', async () => {
    await store.load(null);
    expect(store.completeSince.value).toBe(3000);
    await store.loadEarlier();
    expect(store.completeSince.value).toBeNull();
  });

  it('says that loading failed, and recovers', async () => {
    api.broken = true;
    await store.load(null);
    expect([store.state.value, (store.failure.value as Error).message]).toEqual(['failed', 'no server']);
    api.broken = false;
    await store.refresh();
    expect([store.state.value, store.failure.value, shown()]).toEqual(['ready', null, [5, 4, 3]]);
  });

  it('shows one camera only, and no late answer of the choice before', async () => {
    api.stored.push(event(9, { cameraId: OTHER }));
    let open = () => {};
    api.gate = new Promise((resolve) => {
      open = resolve;
    });
    const all = store.load(null);
    api.gate = Promise.resolve();
    await store.load(OTHER);
    open();
    await all;
    expect(shown()).toEqual([9]);
    api.stored.push(event(10));
    await store.changed(event(10));
    expect(shown()).toEqual([9]);
  });
});

it('puts no event of another camera back into the list of one', async () => {
  api.stored.push(event(9, { cameraId: OTHER }));
  await store.load(null);
  await store.remove(event(4));
  await store.load(OTHER);
  await store.restore(event(4));
  expect(shown()).toEqual([9]);
});

describe('the link to an event', () => {
  it('names camera and event', () => {
    expect(keyOfHash(`#${keyText(event(3))}`)).toEqual({ cameraId: CAMERA, id: event(3).id });
    for (const hash of ['', '#', '#main', `#${CAMERA}`, `#${CAMERA}.x`, `#${keyText(event(3))}x`])
      expect(keyOfHash(hash)).toBeNull();
  });
});
