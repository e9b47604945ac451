import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCameraKey, registerCamera } from '../../../test/kit/camera.ts';
import { type Features, startFeatures } from '../../../test/kit/features.ts';
import type { Camera } from '../shared/schema.ts';

let features: Features;
const anna = { 'x-test-account': 'anna' };
const ben = { 'x-test-account': 'ben' };
const json = { 'content-type': 'application/json' };

beforeAll(async () => {
  features = await startFeatures();
  await features.person('anna');
  await features.person('ben', 'fr');
});
afterAll(() => features.close());

const call = (method: string, target: string, headers: Record<string, string> = {}, body?: unknown) =>
  features.transport(
    { method, target, ...(body === undefined ? {} : { body: JSON.stringify(body) }) },
    { ...(body === undefined ? {} : json), ...headers },
  );
const codeOf = ({ body }: { body: unknown }) => (body as { error: { code: string } }).error.code;

describe('registering', () => {
  test('needs an account', async () => {
    const { publicKey } = await createCameraKey();
    const answer = await call('POST', '/api/cameras', {}, { name: 'Hall', publicKey });
    expect([answer.status, codeOf(answer)]).toEqual([401, 'not-signed-in']);
  });

  test('the same key again is the same camera; the account sees it, another does not', async () => {
    const key = await createCameraKey();
    const first = await registerCamera(features.transport, anna, 'Salon', key);
    const again = await registerCamera(features.transport, anna, 'Salon', key);
    expect(again.cameraId).toBe(first.cameraId);
    const mine = (await call('GET', '/api/cameras', anna)).body as { cameras: Camera[] };
    const shown = mine.cameras.find(({ id }) => id === first.cameraId);
    expect(shown).toMatchObject({
      name: 'Salon',
      state: 'offline',
      motion: false,
      lastSeenAt: null,
      settings: { sensitivity: 'person', streaming: false },
    });
    expect(shown).not.toHaveProperty('publicKey');
    expect((await call('GET', '/api/cameras', ben)).body).toEqual({ cameras: [] });
  });

  test('a key that is no point of the curve, an unknown field, an empty name', async () => {
    const { publicKey } = await createCameraKey();
    const bad = { ...publicKey, x: 'A'.repeat(43) };
    for (const body of [
      { name: 'x', publicKey: bad },
      { name: 'x', publicKey, admin: true },
      { name: ' ', publicKey },
    ]) {
      const answer = await call('POST', '/api/cameras', anna, body);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid']);
    }
  });
});

describe('changing', () => {
  test('one setting leaves the others as they are', async () => {
    const camera = await features.camera('anna');
    await call('PATCH', `/api/cameras/${camera.cameraId}`, anna, {
      settings: { sensitivity: 'cat', startDelaySeconds: 30 },
    });
    const answer = await call('PATCH', `/api/cameras/${camera.cameraId}`, anna, {
      name: 'Hall',
      settings: { thresholdPercent: 2 },
    });
    expect(answer.body).toMatchObject({
      name: 'Hall',
      settings: { sensitivity: 'cat', startDelaySeconds: 30, thresholdPercent: 2 },
    });
  });

  test.each(['\0', 'Hall\0', 'Hall\nBcc: x', '\u001b[31m'])('no name has control characters: %j', async (name) => {
    const camera = await features.camera('anna');
    const answer = await call('PATCH', `/api/cameras/${camera.cameraId}`, anna, { name });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid']);
  });

  test('by the camera itself, signed; of itself only', async () => {
    const camera = await features.camera('anna');
    const other = await features.camera('anna');
    const own = await camera.send({
      method: 'PATCH',
      target: `/api/cameras/${camera.cameraId}`,
      body: '{"settings":{"streaming":true}}',
    });
    expect(own).toMatchObject({ status: 200, body: { settings: { streaming: true } } });
    const notOwn = await camera.send({
      method: 'PATCH',
      target: `/api/cameras/${other.cameraId}`,
      body: '{"name":"mine"}',
    });
    expect([notOwn.status, codeOf(notOwn)]).toEqual([404, 'camera-unknown']);
    expect((await camera.send({ method: 'GET', target: '/api/cameras' })).status).toBe(401);
    expect((await camera.send({ method: 'GET', target: `/api/cameras/${camera.cameraId}` })).status).toBe(200);
  });

  test('a signed request says that the camera lives', async () => {
    const camera = await features.camera('anna');
    const before = Date.now();
    await camera.send({ method: 'GET', target: `/api/cameras/${camera.cameraId}` });
    const { lastSeenAt } = (await call('GET', `/api/cameras/${camera.cameraId}`, anna)).body as Camera;
    expect(lastSeenAt).toBeGreaterThanOrEqual(before);
  });

  test('the account can turn live streaming off, not on', async () => {
    const camera = await features.camera('anna');
    const target = `/api/cameras/${camera.cameraId}`;
    const on = await call('PATCH', target, anna, { settings: { streaming: true } });
    expect([on.status, codeOf(on)]).toEqual([403, 'streaming-by-camera-only']);
    await camera.send({ method: 'PATCH', target, body: '{"settings":{"streaming":true}}' });
    expect((await call('PATCH', target, anna, { settings: { streaming: false } })).body).toMatchObject({
      settings: { streaming: false },
    });
  });

  test('somebody else’s camera does not exist', async () => {
    const { cameraId } = await features.camera('anna');
    for (const [method, body] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as const) {
      const answer = await call(method, `/api/cameras/${cameraId}`, ben, body);
      expect([answer.status, codeOf(answer)]).toEqual([404, 'camera-unknown']);
    }
  });

  test('is announced', async () => {
    const heard: string[] = [];
    const off = features.changes.on(({ what }) => heard.push(what));
    const { cameraId } = await features.camera('anna');
    await call('PATCH', `/api/cameras/${cameraId}`, anna, { name: 'x' });
    await call('DELETE', `/api/cameras/${cameraId}`, anna);
    off();
    expect(heard).toEqual(['registered', 'changed', 'revoked']);
  });
});

describe('removing', () => {
  test('its key opens nothing any more, at once', async () => {
    const camera = await features.camera('anna');
    const own = { method: 'GET', target: `/api/cameras/${camera.cameraId}` };
    expect((await camera.send(own)).status).toBe(200);
    expect((await call('DELETE', `/api/cameras/${camera.cameraId}`, anna)).status).toBe(204);
    const after = await camera.send(own);
    expect([after.status, codeOf(after)]).toEqual([403, 'camera-revoked']);
    expect((await call('GET', `/api/cameras/${camera.cameraId}`, anna)).status).toBe(404);
    expect((await call('DELETE', `/api/cameras/${camera.cameraId}`, anna)).status).toBe(404);
  });
});

test('every route is described, with its errors', async () => {
  const document = (await features.app.inject('/api/openapi.json')).json() as {
    paths: Record<string, Record<string, { responses: object }>>;
  };
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      '/api/cameras',
      '/api/cameras/{cameraId}',
      '/api/events',
      '/api/events/{eventId}',
      '/api/events/{eventId}/photo',
      '/api/events/{eventId}/clip/{n}',
    ]),
  );
  expect(Object.keys(document.paths['/api/events/{eventId}']?.put?.responses ?? {})).toEqual([
    '200',
    '201',
    '204',
    '400',
    '401',
    '403',
    '409',
    '413',
    '415',
  ]);
});
