import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshEventId, somePart } from '../../../test/kit/camera.ts';
import { type Features, startFeatures } from '../../../test/kit/features.ts';

let features: Features;
let free = 100e6;
let now = Date.UTC(2026, 10, 28);
beforeAll(async () => {
  features = await startFeatures({ clock: { now: () => now }, freeBytes: () => free });
  await features.person('anna');
});
afterAll(() => features.close());

test('with a disk that is nearly full an event and its photo come in; its clip waits, and comes later', async () => {
  const camera = await features.camera('anna');
  const id = freshEventId();
  expect((await camera.putEvent(id)).status).toBe(201);
  expect((await camera.putPhoto(id)).status).toBe(201);
  expect(await camera.putPart(id, 0, somePart(0))).toMatchObject({
    status: 507,
    body: { error: { code: 'disk-full' } },
  });
  free = 10e9;
  now += 6000;
  expect((await camera.putPart(id, 0, somePart(0))).status).toBe(201);
});
