import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshEventId, somePart, type TestCamera } from '../../../test/kit/camera.ts';
import { type Features, startFeatures } from '../../../test/kit/features.ts';

/** So long that a reader who waits for it fails the test. */
const STALL_MILLIS = 10 * 60 * 1000;
const anna = { 'x-test-account': 'anna' };
let features: Features;
let camera: TestCamera;
let origin: string;
let listening = 0;

beforeAll(async () => {
  features = await startFeatures({ stallMillis: STALL_MILLIS });
  const { on } = features.announcements;
  Object.assign(features.announcements, {
    on(listener: Parameters<typeof on>[0]) {
      listening++;
      const off = on(listener);
      return () => {
        listening--;
        off();
      };
    },
  });
  await features.person('anna');
  camera = await features.camera('anna');
  origin = await features.listen();
});
afterAll(() => features.close());

async function startReading(): Promise<{
  id: string;
  abort: AbortController;
  reader: ReadableStreamDefaultReader<Uint8Array>;
  address: string;
}> {
  const id = freshEventId();
  await camera.putEvent(id);
  await camera.putPart(id, 0, somePart(0));
  const abort = new AbortController();
  const address = `${origin}/api/cameras/${camera.cameraId}/events/${id}`;
  const answer = await fetch(`${address}/clip`, { headers: anna, signal: abort.signal });
  if (!answer.body) throw new Error('no body');
  const reader = answer.body.getReader();
  expect((await reader.read()).value?.length).toBe(1000);
  return { id, abort, reader, address };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test('a clip is sent as it grows, in its order, and ends with its last part', async () => {
  const id = freshEventId();
  await camera.putEvent(id);
  await camera.putPart(id, 0, somePart(0));
  const answer = await fetch(`${origin}/api/cameras/${camera.cameraId}/events/${id}/clip`, { headers: anna });
  expect([answer.status, answer.headers.get('content-length'), answer.headers.get('cache-control')]).toEqual([
    200,
    null,
    'no-store',
  ]);
  const received: Uint8Array[] = [];
  for await (const piece of answer.body ?? []) {
    received.push(piece);
    if (Buffer.concat(received).length !== 1000) continue;
    await camera.putPart(id, 2, somePart(2), { last: true });
    await camera.putPart(id, 1, somePart(1));
  }
  expect(Buffer.concat(received).equals(Buffer.concat([somePart(0), somePart(1), somePart(2)]))).toBe(true);
});

test('a reader who waits is sent the next part the moment it is there', async () => {
  const { id, reader, abort } = await startReading();
  const next = reader.read();
  await camera.putPart(id, 1, somePart(1, 500));
  expect((await next).value?.length).toBe(500);
  abort.abort();
  await until(() => listening === 0);
});

test('the last part ends the answer at once', async () => {
  const { id, reader } = await startReading();
  await camera.putPart(id, 1, somePart(1, 500), { last: true });
  expect((await reader.read()).value?.length).toBe(500);
  expect((await reader.read()).done).toBe(true);
  expect(listening).toBe(0);
});

test('so does deleting the event', async () => {
  const { reader, address } = await startReading();
  expect((await fetch(address, { method: 'DELETE', headers: anna })).status).toBe(204);
  expect((await reader.read()).done).toBe(true);
});

test('a reader who leaves leaves nothing behind', async () => {
  const { abort } = await startReading();
  expect(listening).toBe(1);
  abort.abort();
  await until(() => listening === 0);
});
