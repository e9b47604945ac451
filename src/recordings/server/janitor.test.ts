import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freshEventId, someFacts, somePart, type TestCamera } from '../../../test/kit/camera.ts';
import { type Features, startFeatures } from '../../../test/kit/features.ts';
import { UNDO_MILLIS } from '../../events/server/deletion.ts';
import { createMailbox } from '../../mail/server/mailbox.ts';
import { createJanitor, type Janitor } from './janitor.ts';
import type { MediaStore } from './media-store.ts';

const DAY = 24 * 60 * 60 * 1000;
const anna = { 'x-test-account': 'anna' };
let features: Features;
let camera: TestCamera;
let janitor: Janitor;
let now = Date.UTC(2026, 10, 22);

beforeAll(async () => {
  const clock = { now: () => now };
  features = await startFeatures({ clock });
  await features.person('anna');
  camera = await features.camera('anna');
  janitor = createJanitor({ ...features, clock, retentionDays: 30 });
});
afterAll(() => features.close());

const addressOf = (id: string) => `/api/cameras/${camera.cameraId}/events/${id}`;
const remove = (id: string) => features.app.inject({ method: 'DELETE', url: addressOf(id), headers: anna });
const restore = (id: string) => features.app.inject({ method: 'POST', url: `${addressOf(id)}/restore`, headers: anna });
const statusOf = async (url: string) => (await features.app.inject({ url, headers: anna })).statusCode;
const filesOf = (id: string) => readdir(join(features.folder, 'media', 'anna', camera.cameraId, id)).catch(() => null);

async function freshEvent(): Promise<string> {
  const id = freshEventId();
  await camera.putEvent(id, { startedAt: now, sentAt: now });
  await camera.putPhoto(id);
  await camera.putPart(id, 0, somePart(0), { last: true });
  return id;
}

describe('a deleted event', () => {
  test('keeps its media for as long as it can be restored, and a little more', async () => {
    const [kept, gone] = [await freshEvent(), await freshEvent()];
    await remove(kept);
    await remove(gone);
    now += UNDO_MILLIS;
    expect(await janitor.run()).toMatchObject({ removed: 0 });
    expect((await restore(kept)).statusCode).toBe(204);
    expect(await statusOf(`${addressOf(kept)}/photo`)).toBe(200);
    now += UNDO_MILLIS;
    expect(await janitor.run()).toMatchObject({ removed: 1 });
    expect(await filesOf(gone)).toBeNull();
    expect(await filesOf(kept)).toEqual(['clip.0000.mp4', 'photo.jpg']);
    expect((await restore(gone)).statusCode).toBe(410);
  });

  test('leaves a tombstone that keeps late uploads away, for three months', async () => {
    const id = await freshEvent();
    const { startedAt } = await features.db
      .selectFrom('event')
      .select('startedAt')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    await remove(id);
    now += 2 * UNDO_MILLIS;
    await janitor.run();
    expect((await camera.putEvent(id, someFacts({ startedAt }))).status).toBe(204);
    expect((await camera.putPhoto(id)).status).toBe(204);
    expect((await camera.putPart(id, 0, somePart(0))).status).toBe(204);
    expect(await filesOf(id)).toBeNull();
    expect(await features.db.selectFrom('clipPart').selectAll().where('eventId', '=', id).execute()).toEqual([]);
    now += 91 * DAY;
    expect((await janitor.run()).forgotten).toBeGreaterThanOrEqual(1);
    expect(await features.db.selectFrom('event').selectAll().where('id', '=', id).execute()).toEqual([]);
  });

  test('is removed by the next round, where a crash came after its files and before its row', async () => {
    const id = await freshEvent();
    await remove(id);
    now += 2 * UNDO_MILLIS;
    await features.media.removeEvent({ accountId: 'anna', cameraId: camera.cameraId, eventId: id });
    expect(await janitor.run()).toMatchObject({ removed: 1 });
    expect(await janitor.run()).toMatchObject({ removed: 0 });
  });
});

describe('a mail kept in the app', () => {
  const mailbox = () => createMailbox(features.db, { now: () => now });
  const rowsOf = () => features.db.selectFrom('mailbox').select('id').execute();
  const mail = (id: string) => ({
    id,
    accountId: 'anna',
    subject: 'Movement',
    receivedAt: now,
    source: 'the message',
    payload: '{"text":"","link":null,"photoUrl":null}',
  });

  async function mailAbout(eventId: string): Promise<string> {
    const id = freshEventId();
    await features.db
      .insertInto('delivery')
      .values({
        id,
        accountId: 'anna',
        cameraId: camera.cameraId,
        eventId,
        kind: 'alarm',
        channel: 'mailbox',
        recipient: 'anna@example.org',
        locale: 'en',
        payload: '{}',
        state: 'sent',
        nextAttemptAt: now,
        messageId: `<${id}@example.org>`,
        errorCode: null,
        errorText: null,
        createdAt: now,
        sentAt: now,
      })
      .execute();
    await features.db.insertInto('mailbox').values(mail(id)).execute();
    return id;
  }

  test('is hidden with its event, comes back with it, and leaves the disk with it', async () => {
    const event = await freshEvent();
    const id = await mailAbout(event);
    const other = await mailAbout(await freshEvent());
    const listed = async () => (await mailbox().list('anna')).map((one) => one.id).sort();
    expect(await listed()).toEqual([id, other].sort());
    await remove(event);
    expect(await listed()).toEqual([other]);
    expect(await mailbox().get('anna', id)).toBeNull();
    expect(await mailbox().source('anna', id)).toBeNull();
    await restore(event);
    expect(await mailbox().source('anna', id)).toBe('the message');
    await remove(event);
    now += 2 * UNDO_MILLIS;
    await janitor.run();
    expect(await rowsOf()).toEqual([{ id: other }]);
  });

  test('goes when it is older than its retention, whatever it is about', async () => {
    await features.db.insertInto('mailbox').values(mail(freshEventId())).execute();
    now += 29 * DAY;
    const young = freshEventId();
    await features.db.insertInto('mailbox').values(mail(young)).execute();
    now += DAY + 1;
    await janitor.run();
    expect(await rowsOf()).toEqual([{ id: young }]);
  });
});

test('an event older than its retention goes in one round, a younger one stays', async () => {
  const old = await freshEvent();
  now += 29 * DAY;
  const young = await freshEvent();
  await janitor.run();
  expect(await statusOf(addressOf(old))).toBe(200);
  now += DAY + 1;
  expect(await janitor.run()).toMatchObject({ expired: 1, removed: 1 });
  expect(await statusOf(addressOf(old))).toBe(404);
  expect(await filesOf(old)).toBeNull();
  expect((await restore(old)).statusCode).toBe(410);
  expect(await statusOf(`${addressOf(young)}/clip`)).toBe(200);
});

test('many at once are all done in one round', async () => {
  const row = await features.db
    .selectFrom('event')
    .selectAll()
    .where('deletedAt', 'is', null)
    .limit(1)
    .executeTakeFirstOrThrow();
  const rows = Array.from({ length: 450 }, (_, i) => ({ ...row, id: `many-${i}`, receivedAt: now - 31 * DAY }));
  for (let i = 0; i < rows.length; i += 50)
    await features.db
      .insertInto('event')
      .values(rows.slice(i, i + 50))
      .execute();
  expect(await janitor.run()).toMatchObject({ expired: 450, removed: 450 });
});

describe('an event whose folder cannot be removed', () => {
  test('is told of, holds up no other, and goes with a later round', async () => {
    const ids = [await freshEvent(), await freshEvent(), await freshEvent()];
    for (const id of ids) await remove(id);
    now += 2 * UNDO_MILLIS;
    const errors: unknown[] = [];
    const stubborn: MediaStore = {
      ...features.media,
      removeEvent: async (place) => {
        if (place.eventId === ids[0]) throw new Error('the folder is not ours');
        await features.media.removeEvent(place);
      },
    };
    const clock = { now: () => now };
    const services = { ...features, clock, retentionDays: 30, onError: (error: unknown) => errors.push(error) };
    expect(await createJanitor({ ...services, media: stubborn }).run()).toMatchObject({ removed: 2 });
    expect(errors).toMatchObject([{ message: 'the folder is not ours' }]);
    expect(await createJanitor(services).run()).toMatchObject({ removed: 1 });
  });
});

test('told to stop, ends after the event that it is at; the next start goes on there', async () => {
  const ids = [await freshEvent(), await freshEvent(), await freshEvent()];
  for (const id of ids) await remove(id);
  now += 2 * UNDO_MILLIS;
  const removed: string[] = [];
  let stopping: Promise<void> | null = null;
  const stopped: Janitor = createJanitor({
    ...features,
    clock: { now: () => now },
    retentionDays: 30,
    media: {
      ...features.media,
      removeEvent: async (place) => {
        removed.push(place.eventId);
        stopping ??= stopped.stop();
        await features.media.removeEvent(place);
      },
    },
  });
  stopped.start();
  await vi.waitUntil(() => stopping !== null);
  await stopping;
  expect(removed).toHaveLength(1);
  expect(await janitor.run()).toMatchObject({ removed: 2 });
});

test('a round that fails is reported, and the next one is made', async () => {
  const errors: unknown[] = [];
  const failing = createJanitor({
    ...features,
    clock: { now: () => now },
    retentionDays: 30,
    media: { ...features.media, sweepIncoming: () => Promise.reject(new Error('the disk is gone')) },
    onError: (error) => errors.push(error),
  });
  failing.start();
  await failing.stop();
  expect(errors).toMatchObject([{ message: 'the disk is gone' }]);
});
