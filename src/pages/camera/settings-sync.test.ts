import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type CameraIdentity, DEFAULT_SETTINGS, type UnconfirmedChange } from '../../cameras/browser/key.ts';
import { createSettingsSync } from './settings-sync.ts';
import { createCameraState } from './state.ts';

const MASK = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
];

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A visit of the page; what it leaves on the disk is for the next. */
function visit(identity: CameraIdentity) {
  const state = createCameraState();
  state.identity.value = identity;
  state.name.value = identity.name;
  state.settings.value = identity.settings;
  const sent: UnconfirmedChange[] = [];
  const stored: CameraIdentity[] = [];
  const sync = createSettingsSync(state, {
    send: (change) => sent.push(change),
    configure: () => undefined,
    store: (kept) => stored.push(kept),
  });
  return { state, sync, sent, disk: () => stored.at(-1) ?? identity };
}

const camera = (settings: Partial<CameraIdentity['settings']> = {}) =>
  ({ cameraId: 'c', name: 'Hall', settings: { ...DEFAULT_SETTINGS, ...settings } }) as CameraIdentity;

test('what was changed without the server holds in the next visit, until the server has it', () => {
  const before = visit(camera({ streaming: true }));
  before.sync.change({ settings: { streaming: false } });
  before.sync.change({ settings: { masks: [MASK] } });
  before.sync.patched(false);
  before.sync.patched(false);

  const after = visit(before.disk());
  after.sync.tell();
  after.sync.adopt('Hall', { ...DEFAULT_SETTINGS, streaming: true });
  expect(after.sent).toEqual([{ settings: { streaming: false, masks: [MASK] } }]);
  expect(after.state.settings.value).toMatchObject({ streaming: false, masks: [MASK] });

  after.sync.patched(true);
  after.sync.adopt('Entrance', { ...DEFAULT_SETTINGS, masks: [MASK], sensitivity: 'cat' });
  expect(after.state.name.value).toBe('Entrance');
  expect(after.disk()).toMatchObject({ name: 'Entrance', unconfirmed: null, settings: { sensitivity: 'cat' } });
});

test('the server never turns streaming on; it is told to turn it off', () => {
  const { state, sync, sent } = visit(camera());
  sync.adopt('Hall', { ...DEFAULT_SETTINGS, streaming: true });
  expect(state.settings.value.streaming).toBe(false);
  expect(sent).toEqual([{ settings: { streaming: false } }]);
});

test('of two changes, the one that failed first is not forgotten when the other is confirmed', () => {
  const { sync, disk } = visit(camera());
  sync.change({ settings: { sensitivity: 'cat' } });
  sync.change({ settings: { startDelaySeconds: 9 } });
  sync.patched(false);
  sync.patched(true);
  expect(disk().unconfirmed).toEqual({ settings: { sensitivity: 'cat', startDelaySeconds: 9 } });
});

test('before it is registered, nothing is told: the registration says it', () => {
  const { sync, sent, disk } = visit({ ...camera(), cameraId: null });
  sync.change({ name: 'Attic', settings: { saveHere: true } });
  expect(sent).toEqual([]);
  expect(disk()).toMatchObject({ name: 'Attic', settings: { saveHere: true }, unconfirmed: null });
});

test('a name that is being typed is not overwritten, nor taken for one that was given', () => {
  const { state, sync, disk } = visit(camera());
  state.name.value = 'Hall upst';
  sync.adopt('Entrance', { ...DEFAULT_SETTINGS, sensitivity: 'cat' });
  sync.adopt('Entrance', DEFAULT_SETTINGS);
  sync.change({ settings: { startDelaySeconds: 9 } });
  sync.patched(true);
  expect([state.name.value, disk().name]).toEqual(['Hall upst', 'Entrance']);
  sync.change({ name: 'Hall upstairs' });
  expect(disk()).toMatchObject({ name: 'Hall upstairs', unconfirmed: { name: 'Hall upstairs' } });
});

test('what could not be told is told again, ever more seldom, until the server has it', () => {
  const { sync, sent, disk } = visit(camera());
  const change = { settings: { sensitivity: 'cat' } } as const;
  sync.change(change);
  for (const [attempt, pauseMillis] of [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000].entries()) {
    sync.patched(false);
    vi.advanceTimersByTime(pauseMillis - 1);
    expect(sent).toHaveLength(attempt + 1);
    vi.advanceTimersByTime(1);
    expect(sent).toHaveLength(attempt + 2);
  }
  sync.patched(true);
  expect([disk().unconfirmed, new Set(sent.map((one) => JSON.stringify(one))).size]).toEqual([null, 1]);
  vi.advanceTimersByTime(600_000);
  expect(sent).toHaveLength(8);
});

test('what is told again before its turn is not told twice', () => {
  const { sync, sent } = visit(camera());
  sync.change({ settings: { sensitivity: 'cat' } });
  sync.patched(false);
  sync.tell();
  vi.advanceTimersByTime(600_000);
  expect(sent).toHaveLength(2);
});
