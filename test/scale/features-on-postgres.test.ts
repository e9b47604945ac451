import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UNDO_MILLIS } from '../../src/events/server/deletion.ts';
import type { Timeline } from '../../src/events/shared/schema.ts';
import { createJanitor } from '../../src/recordings/server/janitor.ts';
import { freshEventId, someFacts, somePart, somePhoto, type TestCamera } from '../kit/camera.ts';
import { type Features, startFeatures } from '../kit/features.ts';
import { startPostgres, type TestPostgres } from '../kit/postgres.ts';

const anna = { 'x-test-account': 'anna' };
let postgres: TestPostgres;
let features: Features;
let camera: TestCamera;
let now = Date.UTC(2026, 10, 22, 13, 31, 7);
const clock = { now: () => now };

beforeAll(async () => {
  postgres = await startPostgres();
  features = await startFeatures({ clock, databaseUrl: await postgres.freshDatabase() });
  await features.person('anna', 'fr');
  camera = await features.camera('anna', 'Salon');
});
afterAll(async () => {
  await features?.close();
  await postgres?.stop();
});

const addressOf = (id: string) => `/api/cameras/${camera.cameraId}/events/${id}`;
const get = async (url: string) => {
  const answer = await features.app.inject({ url, headers: anna });
  return { status: answer.statusCode, body: answer.json() };
};

describe('with PostgreSQL the same features', () => {
  test('store an event once, with one alarm in its language, though it comes twenty times at once', async () => {
    const id = freshEventId();
    const facts = someFacts();
    const answers = await Promise.all(Array.from({ length: 20 }, () => camera.putEvent(id, facts)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
    expect(features.alarms.map(({ event, account }) => [event.id, account.locale])).toEqual([[id, 'fr']]);
  });

  test('keep the photo and the parts of a clip, sent at once and twice', async () => {
    const id = freshEventId();
    await camera.putEvent(id);
    const photo = somePhoto(id, 40_000);
    const parts = [0, 1, 2, 3].map((n) => somePart(n, 5000));
    const sent = [...parts, ...parts].map((part, index) =>
      camera.putPart(id, index % 4, part, { last: index % 4 === 3 }),
    );
    const answers = await Promise.all([camera.putPhoto(id, photo), camera.putPhoto(id, photo), ...sent]);
    expect(answers.every(({ status }) => status === 201 || status === 200)).toBe(true);
    expect((await get(addressOf(id))).body).toMatchObject({ hasPhoto: true, clipParts: 4, clipComplete: true });
    const clip = await features.app.inject({ url: `${addressOf(id)}/clip`, headers: anna });
    expect(clip.rawPayload.equals(Buffer.concat(parts))).toBe(true);
  });

  test('page through the timeline without missing or repeating', async () => {
    for (let n = 0; n < 9; n++) await camera.putEvent(freshEventId(), { startedAt: 1000 * (n % 3) });
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page = (await get(`/api/events?limit=2${next === '' ? '' : `&before=${next}`}`)).body as Timeline;
      seen.push(...page.events.map(({ id }) => id));
      next = page.next;
    }
    const rows = await features.db.selectFrom('event').select('id').execute();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(rows.length);
  });

  test('delete, restore and remove for good', async () => {
    const id = freshEventId();
    await camera.putEvent(id);
    await camera.putPhoto(id);
    const call = (method: 'DELETE' | 'POST', url: string) => features.app.inject({ method, url, headers: anna });
    await call('DELETE', addressOf(id));
    expect((await get(addressOf(id))).status).toBe(404);
    expect((await call('POST', `${addressOf(id)}/restore`)).statusCode).toBe(204);
    await call('DELETE', addressOf(id));
    now += 2 * UNDO_MILLIS;
    const janitor = createJanitor({ ...features, clock, retentionDays: 30 });
    expect(await janitor.run()).toMatchObject({ expired: 0, removed: 1 });
    expect((await camera.putPhoto(id)).status).toBe(204);
    now += 31 * 24 * 3600 * 1000;
    expect((await janitor.run()).expired).toBeGreaterThan(10);
    expect((await get('/api/events')).body).toEqual({ events: [], next: null });
  });

  test('change and remove cameras', async () => {
    const other = await features.camera('anna', 'Hall');
    const own = { target: `/api/cameras/${other.cameraId}` };
    expect(await other.send({ ...own, method: 'PATCH', body: '{"settings":{"sensitivity":"near"}}' })).toMatchObject({
      status: 200,
      body: { name: 'Hall', settings: { sensitivity: 'near' } },
    });
    await features.app.inject({ method: 'DELETE', url: own.target, headers: anna });
    expect((await other.send({ ...own, method: 'GET' })).status).toBe(403);
  });
});
