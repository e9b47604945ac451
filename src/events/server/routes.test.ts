import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cameraOf, createCameraKey, freshEventId, someFacts, type TestCamera } from '../../../test/kit/camera.ts';
import { type Features, startFeatures } from '../../../test/kit/features.ts';
import type { Timeline, TimelineEvent } from '../shared/schema.ts';
import { UNDO_MILLIS } from './deletion.ts';

let features: Features;
let camera: TestCamera;
let now = Date.UTC(2026, 10, 22, 13, 31, 7);
const anna = { 'x-test-account': 'anna' };
const ben = { 'x-test-account': 'ben' };

beforeAll(async () => {
  features = await startFeatures({ clock: { now: () => now } });
  await features.person('anna');
  await features.person('ben', 'fr');
  camera = await features.camera('anna', 'Salon');
});
afterAll(() => features.close());

const get = (target: string, session: Record<string, string>) => features.transport({ method: 'GET', target }, session);
const call = (method: string, target: string, session: Record<string, string>) =>
  features.transport({ method, target }, session);
const refusal = ({ status, body }: { status: number; body: unknown }) => [
  status,
  (body as { error: { code: string } }).error.code,
];
const addressOf = (of: TestCamera, id: string) => `/api/cameras/${of.cameraId}/events/${id}`;

describe('the facts of an event', () => {
  test('are stored once, with one alarm, however often they come', async () => {
    const id = freshEventId();
    const facts = someFacts({ startedAt: now - 300, sentAt: now - 50 });
    const queued = features.alarms.length;
    expect(await camera.putEvent(id, facts)).toMatchObject({
      status: 201,
      body: { receivedAt: now, endedAt: null, hasPhoto: false, clipParts: 0, clipComplete: false },
    });
    now += 1000;
    expect(await camera.putEvent(id, facts)).toMatchObject({ status: 200, body: { receivedAt: now - 1000 } });
    expect(
      features.alarms.slice(queued).map(({ event, account }) => [event.id, account.email, account.locale]),
    ).toEqual([[id, 'anna@example.org', 'en']]);
    const row = await features.db.selectFrom('event').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(row).toMatchObject({ accountId: 'anna', clockOffset: 50, startedAt: facts.startedAt });
  });

  test('twenty times at once are one event and one alarm', async () => {
    const id = freshEventId();
    const facts = someFacts();
    const queued = features.alarms.length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => camera.putEvent(id, facts)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
    expect(features.alarms.length).toBe(queued + 1);
  });

  test('the end is added once and stays', async () => {
    const id = freshEventId();
    const facts = someFacts();
    await camera.putEvent(id, facts);
    const endedAt = facts.startedAt + 4000;
    expect(await camera.putEvent(id, { ...facts, endedAt, score: 0.4 })).toMatchObject({
      status: 200,
      body: { endedAt },
    });
    expect(await camera.putEvent(id, facts)).toMatchObject({ status: 200, body: { endedAt } });
    expect(await camera.putEvent(id, { ...facts, endedAt: endedAt + 1 })).toMatchObject({
      status: 200,
      body: { endedAt },
    });
    expect((await get(addressOf(camera, id), anna)).body).toMatchObject({ endedAt, score: 0.4 });
  });

  test('another kind or beginning under the same id is refused', async () => {
    const id = freshEventId();
    const facts = someFacts();
    await camera.putEvent(id, facts);
    expect(refusal(await camera.putEvent(id, { ...facts, startedAt: facts.startedAt + 1 }))).toEqual([
      409,
      'event-conflict',
    ]);
    expect(refusal(await camera.putEvent(id, { ...facts, kind: 'gap' }))).toEqual([409, 'event-conflict']);
  });

  test('another camera’s event of the same id is another event', async () => {
    const other = await features.camera('ben', 'Hall');
    const id = freshEventId();
    expect((await camera.putEvent(id, { score: 0.1 })).status).toBe(201);
    expect((await other.putEvent(id, { score: 0.9, startedAt: 5 })).status).toBe(201);
    expect((await get(addressOf(camera, id), anna)).body).toMatchObject({ score: 0.1, cameraName: 'Salon' });
    expect((await get(addressOf(other, id), ben)).body).toMatchObject({ score: 0.9, cameraName: 'Hall' });
    expect(refusal(await get(addressOf(other, id), anna))).toEqual([404, 'event-unknown']);
  });

  test('a gap is no alarm, and what goes on from an event that was cut is told once', async () => {
    const queued = features.alarms.length;
    const [gap, first, second, orphan] = [freshEventId(), freshEventId(), freshEventId(), freshEventId()];
    await camera.putEvent(gap, { kind: 'gap' });
    await camera.putEvent(first);
    await camera.putEvent(second, { continues: first });
    await camera.putEvent(orphan, { continues: freshEventId() });
    expect(features.alarms.slice(queued).map(({ event }) => event.id)).toEqual([first, orphan]);
  });

  test('event and alarm are stored together or not at all', async () => {
    const failing = await startFeatures({
      async queueAlarm(trx, event) {
        await trx
          .insertInto('setting')
          .values({ key: `alarm ${event.id}`, value: '1' })
          .execute();
        if (event.score === 1) throw new Error('the alarm cannot be queued');
      },
    });
    try {
      await failing.person('anna');
      const failingCamera = await failing.camera('anna');
      const [good, bad] = [freshEventId(), freshEventId()];
      const [badAnswer, goodAnswer] = await Promise.all([
        failingCamera.putEvent(bad, { score: 1 }),
        failingCamera.putEvent(good),
      ]);
      expect(refusal(badAnswer)).toEqual([500, 'internal']);
      expect(goodAnswer.status).toBe(201);
      expect((await failing.db.selectFrom('event').select('id').execute()).map(({ id }) => id)).toEqual([good]);
      expect((await failing.db.selectFrom('setting').select('key').execute()).map(({ key }) => key)).toEqual([
        `alarm ${good}`,
      ]);
    } finally {
      await failing.close();
    }
  });

  test('are announced when they are new or changed, not when they are the same', async () => {
    const id = freshEventId();
    const heard: string[] = [];
    const off = features.announcements.on((change) => heard.push(`${change.accountId} ${change.eventId}`));
    const facts = someFacts();
    await camera.putEvent(id, facts);
    await camera.putEvent(id, facts);
    await camera.putEvent(id, { ...facts, endedAt: facts.startedAt + 1 });
    off();
    expect(heard).toEqual([`anna ${id}`, `anna ${id}`]);
  });
});

describe('refused, and nothing is stored', () => {
  const put = (body: string, type = 'application/json', id = freshEventId()) =>
    camera.send({ method: 'PUT', target: `/api/events/${id}`, body, type });

  test('malformed JSON, no JSON, bytes that are no text', async () => {
    expect(refusal(await put('{"version":1,'))).toEqual([400, 'json-malformed']);
    expect(refusal(await put('hello', 'text/plain'))).toEqual([415, 'media-type-unsupported']);
    const latin = await camera.send({
      method: 'PUT',
      target: `/api/events/${freshEventId()}`,
      body: new Uint8Array([0x22, 0xe9, 0x22]),
    });
    expect(refusal(latin)).toEqual([400, 'json-malformed']);
  });

  test('an unknown field, a version that nobody speaks, a value out of bounds: each named', async () => {
    for (const [change, field] of [
      [{ admin: true }, '(all)'],
      [{ version: 2 }, 'version'],
      [{ score: 2 }, 'score'],
      [{ startedAt: 1.5 }, 'startedAt'],
      [{ timeZone: '<b>' }, 'timeZone'],
    ] as const) {
      const answer = await put(JSON.stringify({ ...someFacts(), ...change }));
      expect(refusal(answer)).toEqual([400, 'invalid']);
      expect(Object.keys((answer.body as { error: { fields: object } }).error.fields)).toEqual([field]);
    }
  });

  test('an id that is no UUID, a body past the limit', async () => {
    expect(refusal(await put(JSON.stringify(someFacts()), 'application/json', 'not-a-uuid'))).toEqual([400, 'invalid']);
    expect(refusal(await put(JSON.stringify({ ...someFacts(), timeZone: 'x'.repeat(200_000) })))).toEqual([
      413,
      'too-large',
    ]);
  });

  test('a signature that is missing, of another key, another body, another path, or of a camera that is none', async () => {
    const id = freshEventId();
    const body = JSON.stringify(someFacts());
    const request = { method: 'PUT', target: `/api/events/${id}`, body };
    const json = { 'content-type': 'application/json' };
    const good = await camera.fieldsFor(request);
    const stranger = cameraOf(features.transport, await createCameraKey(), camera.cameraId);
    const attempts: Record<string, string>[] = [
      {},
      { ...(await stranger.fieldsFor(request)) },
      { ...(await camera.fieldsFor({ ...request, body: JSON.stringify(someFacts({ score: 0.5 })) })) },
      { ...(await camera.fieldsFor({ ...request, target: `/api/events/${freshEventId()}` })) },
      { ...(await camera.fieldsFor({ ...request, target: `/api/events/${id}?x=1` })) },
      { ...(await camera.fieldsFor({ ...request, method: 'POST' })) },
      { ...(await cameraOf(features.transport, camera, freshEventId()).fieldsFor(request)) },
      { ...good, 'content-digest': '' },
      { ...good, signature: good.signature.replace('vigie=:', 'vigie=:AAAA') },
      { ...good, 'signature-input': good['signature-input'].replace('"@path" ', '') },
    ];
    for (const fields of attempts)
      expect(refusal(await features.transport(request, { ...json, ...fields }))).toEqual([401, 'signature-invalid']);
    expect(await features.db.selectFrom('event').select('id').where('id', '=', id).execute()).toEqual([]);
    expect((await features.transport(request, { ...json, ...good })).status).toBe(201);
  });

  test('a removed camera', async () => {
    const removed = await features.camera('anna');
    await call('DELETE', `/api/cameras/${removed.cameraId}`, anna);
    expect(refusal(await removed.putEvent(freshEventId()))).toEqual([403, 'camera-revoked']);
  });
});

describe('the timeline', () => {
  test('newest first, in pages that neither miss nor repeat, though times are equal', async () => {
    await features.person('carol');
    const carol = { 'x-test-account': 'carol' };
    const [one, two] = [await features.camera('carol', 'One'), await features.camera('carol', 'Two')];
    const shared = freshEventId();
    await one.putEvent(shared, { startedAt: 5000 });
    await two.putEvent(shared, { startedAt: 5000 });
    for (let i = 0; i < 11; i++) await (i % 2 ? one : two).putEvent(freshEventId(), { startedAt: 1000 * (i % 4) });
    const seen: TimelineEvent[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: Timeline = (await get(`/api/events?limit=3${next === '' ? '' : `&before=${next}`}`, carol))
        .body as Timeline;
      expect(page.events.length).toBeLessThanOrEqual(3);
      seen.push(...page.events);
      next = page.next;
    }
    expect(seen.length).toBe(13);
    expect(new Set(seen.map(({ cameraId, id }) => `${cameraId} ${id}`)).size).toBe(13);
    expect(seen.map(({ startedAt }) => startedAt)).toEqual(
      seen.map(({ startedAt }) => startedAt).sort((a, b) => b - a),
    );
    const ofOne = (await get(`/api/events?camera=${one.cameraId}&limit=100`, carol)).body as Timeline;
    expect(ofOne.events.every(({ cameraName }) => cameraName === 'One')).toBe(true);
    expect(
      ofOne.events.length +
        ((await get(`/api/events?camera=${two.cameraId}&limit=100`, carol)).body as Timeline).events.length,
    ).toBe(13);
  });

  test('says how far each message has come', async () => {
    const id = freshEventId();
    await camera.putEvent(id);
    const base = {
      accountId: 'anna',
      cameraId: camera.cameraId,
      eventId: id,
      kind: 'alarm',
      channel: 'mail',
      locale: 'en',
      payload: '{}',
      nextAttemptAt: 0,
      messageId: '<x@y>',
      createdAt: 1,
      errorCode: null,
    };
    await features.db
      .insertInto('delivery')
      .values([
        { ...base, id: freshEventId(), recipient: 'anna@example.org', state: 'sent', errorText: null, sentAt: 7 },
        {
          ...base,
          id: freshEventId(),
          recipient: 'nobody@example.org',
          state: 'refused',
          errorText: 'no such user',
          sentAt: null,
          createdAt: 2,
        },
      ])
      .execute();
    expect((await get(addressOf(camera, id), anna)).body).toMatchObject({
      deliveries: [
        { channel: 'mail', recipient: 'anna@example.org', state: 'sent', sentAt: 7, error: null },
        { channel: 'mail', recipient: 'nobody@example.org', state: 'refused', sentAt: null, error: 'no such user' },
      ],
    });
  });

  test('is for the account alone', async () => {
    expect(refusal(await get('/api/events', {}))).toEqual([401, 'not-signed-in']);
    expect((await get(`/api/events?camera=${camera.cameraId}`, ben)).body).toEqual({ events: [], next: null });
    const signed = await camera.send({ method: 'GET', target: '/api/events' });
    expect(refusal(signed)).toEqual([401, 'not-signed-in']);
  });

  test('refuses a place that it did not give, and fields that it does not know', async () => {
    expect(refusal(await get('/api/events?before=1', anna))).toEqual([400, 'invalid']);
    expect(refusal(await get('/api/events?limit=0', anna))).toEqual([400, 'invalid']);
    expect(refusal(await get('/api/events?colour=red', anna))).toEqual([400, 'invalid']);
  });
});

describe('deleting', () => {
  test('takes it from the timeline; for ten minutes it can be restored', async () => {
    const id = freshEventId();
    await camera.putEvent(id);
    expect((await call('DELETE', addressOf(camera, id), anna)).status).toBe(204);
    expect(refusal(await get(addressOf(camera, id), anna))).toEqual([404, 'event-unknown']);
    now += UNDO_MILLIS;
    expect((await call('POST', `${addressOf(camera, id)}/restore`, anna)).status).toBe(204);
    expect((await get(addressOf(camera, id), anna)).status).toBe(200);

    await call('DELETE', addressOf(camera, id), anna);
    now += UNDO_MILLIS / 2;
    expect((await call('DELETE', addressOf(camera, id), anna)).status).toBe(204);
    now += UNDO_MILLIS / 2 + 1;
    expect(refusal(await call('POST', `${addressOf(camera, id)}/restore`, anna))).toEqual([410, 'restore-too-late']);
  });

  test('swallows what comes late, without an alarm', async () => {
    const id = freshEventId();
    const facts = someFacts();
    await camera.putEvent(id, facts);
    await call('DELETE', addressOf(camera, id), anna);
    const queued = features.alarms.length;
    expect(await camera.putEvent(id, { ...facts, endedAt: facts.startedAt + 9 })).toEqual({ status: 204, body: null });
    expect(features.alarms.length).toBe(queued);
    expect(refusal(await get(addressOf(camera, id), anna))).toEqual([404, 'event-unknown']);
  });

  test('somebody else’s event does not exist', async () => {
    const id = freshEventId();
    await camera.putEvent(id);
    expect(refusal(await call('DELETE', addressOf(camera, id), ben))).toEqual([404, 'event-unknown']);
    expect(refusal(await call('POST', `${addressOf(camera, id)}/restore`, ben))).toEqual([404, 'event-unknown']);
    expect((await get(addressOf(camera, id), anna)).status).toBe(200);
  });
});
