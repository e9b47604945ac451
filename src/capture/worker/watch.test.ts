import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Chunk } from '../../encode/worker/chunk.ts';
import type { EncoderEvents } from '../../encode/worker/encoder.ts';
import type { Recorder } from '../../events/worker/recorder.ts';
import type { Picture } from './picture.ts';
import { createWatch, type Watch } from './watch.ts';

let encoding: EncoderEvents;
const encoder = { encode: vi.fn(), requestKey: vi.fn(), close: vi.fn() };
vi.mock('../../encode/worker/encoder.ts', () => ({
  createEncoder(_rate: number, events: EncoderEvents) {
    encoding = events;
    return encoder;
  },
}));
vi.mock('./photo.ts', () => ({ createPhotographer: () => ({ take: async () => new Uint8Array() }) }));
vi.mock('./eye.ts', () => ({
  createEye: () => ({
    look: () => ({ motion: true, changedRatio: 0.1, reason: { code: 'object' }, boxes: [] }),
    configure: () => undefined,
    show: () => undefined,
  }),
}));
beforeEach(() => {
  encoder.close.mockClear();
  encoder.requestKey.mockClear();
});
afterEach(() => vi.useRealTimers());

const settings = { sensitivity: 50, thresholdPercent: 5, streaming: true, masks: [] } as unknown as Parameters<
  ReturnType<typeof createWatch>['configure']
>[0];
const chunk = (timestampMicros: number, config: VideoDecoderConfig): Chunk => ({
  type: 'key',
  timestampMicros,
  captureTimeMicros: 0,
  data: new Uint8Array(),
  config,
});
const START = 1_800_000_000_000;
const picture = (timestampMicros: number) => ({ width: 64, height: 48, timestampMicros, frame: {} }) as Picture;

/** A recorder whose film has the first configuration that it sees. */
function setup(canEncode = true) {
  const begun: { readonly before: readonly Chunk[] | null; readonly continues: boolean }[] = [];
  const ended: number[] = [];
  const live: Chunk[] = [];
  let open = false;
  let config: VideoDecoderConfig | null = null;
  const recorder: Recorder = {
    begin(_at, _sighting, _photo, before, continues) {
      open = true;
      config = before?.[0]?.config ?? null;
      begun.push({ before, continues });
    },
    chunk(one) {
      if (!open) return true;
      config ??= one.config;
      return config === one.config;
    },
    end: (endedAtMillis) => {
      ended.push(endedAtMillis);
      open = false;
    },
    recorded: () => undefined,
    open: () => (open ? { eventId: 'e', facts: '{}', parts: 0, mediaType: 'video/mp4' } : null),
  };
  const nothing = () => undefined;
  const watch = createWatch(recorder, canEncode, {
    onReport: nothing,
    onPictures: nothing,
    onSnapshot: nothing,
    onChunk: (one) => live.push(one),
    onLiveJpeg: nothing,
    onNoEncoder: nothing,
  });
  watch.configure(settings);
  watch.arm();
  return { watch, begun, ended, live };
}
const first = { codec: 'avc1.42E01E' };
const second = { codec: 'vp09.00.30.08' };

test('an encoder made anew in the middle of an intrusion: the event goes on as the next, with all that was seen since', () => {
  const { watch, begun } = setup();
  encoding.onChunk(chunk(0, first));
  for (const at of [0, 33_000, 66_000]) watch.picture(picture(at));
  expect(begun).toHaveLength(1);
  const fresh = [chunk(100_000, second), chunk(133_000, second)];
  for (const one of fresh) encoding.onChunk(one);
  watch.picture(picture(140_000));
  watch.picture(picture(170_000));
  expect(begun).toHaveLength(2);
  expect(begun[1]).toEqual({ before: fresh, continues: true });
});

test('a plug pulled in the middle of an intrusion: it is over some seconds later, where it saw something last', () => {
  vi.useFakeTimers({ now: START });
  const { watch, begun, ended } = setup();
  for (const at of [0, 33_000]) watch.picture(picture(at));
  expect(begun).toHaveLength(1);
  watch.tick(START + 5000);
  expect(ended).toEqual([]);
  watch.tick(START + 5250);
  watch.tick(START + 5500);
  expect(ended).toEqual([START]);
});

test('viewers who see nothing for a while go on with a key chunk', () => {
  const { watch, live } = setup();
  const delta = (timestampMicros: number): Chunk => ({ ...chunk(timestampMicros, first), type: 'delta' });
  watch.setViewers(1);
  const seen = [chunk(0, first), delta(33_000)];
  for (const one of seen) encoding.onChunk(one);
  watch.setViewers(0);
  encoding.onChunk(delta(66_000));
  encoder.requestKey.mockClear();
  watch.setViewers(2);
  watch.setViewers(1);
  expect(encoder.requestKey).toHaveBeenCalledOnce();
  encoding.onChunk(delta(100_000));
  const after = [chunk(133_000, first), delta(166_000)];
  for (const one of after) encoding.onChunk(one);
  expect(live).toEqual([...seen, ...after]);
});

test('no encoder is left in the middle of an intrusion: the window records on', () => {
  const { watch, begun } = setup();
  for (const at of [0, 33_000]) watch.picture(picture(at));
  encoding.onUnsupported();
  watch.picture(picture(66_000));
  expect(begun[1]).toEqual({ before: null, continues: true });
});

test.each([
  ['another source', (watch: Watch) => watch.sourceChanged()],
  ['a new mask', (watch: Watch) => watch.configure({ ...settings, masks: [[]] })],
])('%s in the middle of an intrusion: the window, which begins a new film, records on', (_, befall) => {
  const { watch, begun } = setup(false);
  for (const at of [0, 33_000]) watch.picture(picture(at));
  befall(watch);
  for (const at of [66_000, 100_000]) watch.picture(picture(at));
  expect(begun).toEqual([
    { before: null, continues: false },
    { before: null, continues: true },
  ]);
});

test('a mask drawn while armed: nothing from before it is in a later clip, and viewers get a fresh configuration', () => {
  const { watch, begun } = setup();
  encoding.onChunk(chunk(0, first));
  encoder.close.mockClear();
  watch.configure(settings);
  expect(encoder.close).not.toHaveBeenCalled();
  watch.configure({ ...settings, masks: [[0, 0, 1, 1]] as unknown as typeof settings.masks });
  expect(encoder.close).toHaveBeenCalledOnce();
  const after = chunk(40_000, second);
  encoding.onChunk(after);
  for (const at of [50_000, 80_000]) watch.picture(picture(at));
  expect(begun[0]?.before).toEqual([after]);
});
