import { expect, test, vi } from 'vitest';
import { EventFacts } from '../shared/schema.ts';
import type { QueueItem } from './queue-store.ts';
import { createRecorder, type Recorder, type Sighting } from './recorder.ts';

const sighting: Sighting = {
  score: 0.1,
  reason: { code: 'object', values: { areaRatio: 0.1 } },
  boxes: [[0.1, 0.2, 0.3, 0.4]],
};
const jpeg = Uint8Array.of(0xff, 0xd8);

function setup() {
  const items: Omit<QueueItem, 'key' | 'cameraId'>[] = [];
  const recording: string[] = [];
  const errors: unknown[] = [];
  const phases: [phase: string, isOpen: boolean][] = [];
  const recorder: Recorder = createRecorder('Europe/Paris', {
    onItem: (item) => items.push(item),
    onPhoto: () => undefined,
    onPart: () => undefined,
    onPhase: (phase) => phases.push([phase, recorder.open() !== null]),
    onRecord: (eventId, on) => recording.push(`${on ? 'on' : 'off'} ${eventId}`),
    onKeyWanted: () => undefined,
    onError: (error) => errors.push(error),
  });
  const facts = () =>
    items
      .filter(({ kind }) => kind === 'facts')
      .map(({ body }) => EventFacts.parse(JSON.parse(new TextDecoder().decode(body))));
  return { recorder, items, recording, errors, phases, facts };
}

test('facts leave at once, the photo when it is made, the facts again when it is over', async () => {
  const { recorder, items, facts } = setup();
  recorder.begin(1_800_000_000_000, sighting, Promise.resolve(jpeg), null, false);
  expect(items.map(({ kind }) => kind)).toEqual(['facts']);
  await vi.waitFor(() => expect(items.map(({ kind }) => kind)).toEqual(['facts', 'photo']));
  recorder.end(1_800_000_004_000.4);
  expect(facts()).toMatchObject([
    {
      kind: 'intrusion',
      continues: null,
      startedAt: 1_800_000_000_000,
      endedAt: null,
      timeZone: 'Europe/Paris',
      ...sighting,
    },
    { startedAt: 1_800_000_000_000, endedAt: 1_800_000_004_000 },
  ]);
  expect(new Set(items.map(({ eventId }) => eventId)).size).toBe(1);
  expect(recorder.open()).toBeNull();
});

test('what was cut for its length goes on as the next, which names the one before', () => {
  const { recorder, items, facts } = setup();
  recorder.begin(1000, sighting, Promise.resolve(jpeg), null, false);
  const first = recorder.open()?.eventId;
  recorder.end(121_000);
  recorder.begin(121_000, sighting, Promise.resolve(jpeg), null, true);
  expect(facts().map(({ continues }) => continues)).toEqual([null, null, first]);
  expect(items.at(-1)?.eventId).not.toBe(first);
});

test('a photo that cannot be made is told, and the film comes all the same', async () => {
  const { recorder, items, errors, recording } = setup();
  recorder.begin(1000, sighting, Promise.reject(new Error('no canvas')), null, false);
  await vi.waitFor(() => expect(errors).toHaveLength(1));
  const id = recorder.open()?.eventId ?? '';
  expect(recording).toEqual([`on ${id}`]);
  recorder.recorded(id, Uint8Array.of(1), 'video/webm', false);
  recorder.end(2000);
  expect(recording).toEqual([`on ${id}`, `off ${id}`]);
  recorder.recorded(id, Uint8Array.of(2), 'video/webm', true);
  recorder.recorded(id, Uint8Array.of(3), 'video/webm', true);
  expect(items.filter(({ kind }) => kind === 'part').map(({ n, last }) => [n, last])).toEqual([
    [0, false],
    [1, true],
  ]);
});

test('an open event can be ended by the next visit: its facts, how many parts have left and what they are', () => {
  const { recorder } = setup();
  recorder.begin(1000, sighting, Promise.resolve(jpeg), null, false);
  const id = recorder.open()?.eventId ?? '';
  expect(recorder.open()).toMatchObject({ parts: 0, mediaType: 'video/mp4' });
  recorder.recorded(id, Uint8Array.of(1), 'video/webm', false);
  const open = recorder.open();
  expect(open).toMatchObject({ parts: 1, mediaType: 'video/webm' });
  expect(EventFacts.parse(JSON.parse(open?.facts ?? ''))).toMatchObject({ startedAt: 1000, endedAt: null });
});

test('when it is told that it is over, nothing is open any more', () => {
  const { recorder, phases } = setup();
  recorder.begin(1000, sighting, Promise.resolve(jpeg), null, false);
  recorder.end(2000);
  expect(phases).toEqual([
    ['confirmed', true],
    ['over', false],
  ]);
});

test('a chunk of another configuration ends the film and says so, so that the event can go on', () => {
  const { recorder } = setup();
  const chunk = { type: 'key', timestampMicros: 0, captureTimeMicros: 0, data: new Uint8Array() } as const;
  const config = { codec: 'avc1.42E01E' };
  recorder.begin(1000, sighting, new Promise(() => undefined), [], false);
  expect(recorder.chunk({ ...chunk, config })).toBe(true);
  expect(recorder.chunk({ ...chunk, config: { ...config } })).toBe(false);
  expect(recorder.open()).not.toBeNull();
});
