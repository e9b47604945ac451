import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshEventId, somePart, somePhoto, type TestCamera } from '../kit/camera.ts';
import { type Features, startFeatures } from '../kit/features.ts';

const anna = { 'x-test-account': 'anna' };
let features: Features;
let camera: TestCamera;
let port: number;

beforeAll(async () => {
  features = await startFeatures();
  await features.person('anna');
  camera = await features.camera('anna');
  port = Number(new URL(await features.listen()).port);
});
afterAll(() => features.close());

const incoming = () => readdir(join(features.folder, 'media', '.incoming'));
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

/** Sends the head of a signed upload and the first `sent` bytes of its body on a socket of its own. */
async function beginUpload(target: string, body: Uint8Array, sent: number, type: string): Promise<Socket> {
  const fields = await camera.fieldsFor({ method: 'PUT', target, body });
  const head = { host: `127.0.0.1:${port}`, 'content-type': type, 'content-length': String(body.length), ...fields };
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  socket.write(`PUT ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  socket.write(body.subarray(0, sent));
  return socket;
}

describe('an upload that is cut off half-way', () => {
  test('leaves nothing; sent again, it is whole', async () => {
    const id = freshEventId();
    await camera.putEvent(id);
    const photo = somePhoto(id, 1_000_000);
    const socket = await beginUpload(`/api/events/${id}/photo`, photo, 400_000, 'image/jpeg');
    await until(async () => (await incoming()).length === 1);
    socket.destroy();
    await until(async () => (await incoming()).length === 0);
    const row = await features.db
      .selectFrom('event')
      .select('photoSha256')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(row.photoSha256).toBeNull();
    expect(features.photos).not.toContain(id);
    expect((await camera.putPhoto(id, photo)).status).toBe(201);
  });

  test('does not hold up the same upload on a new connection, though the old one hangs', async () => {
    const id = freshEventId();
    await camera.putEvent(id);
    const part = somePart(0, 600_000);
    const hanging = await beginUpload(`/api/events/${id}/clip/0`, part, 100_000, 'video/mp4');
    await until(async () => (await incoming()).length === 1);
    expect((await camera.putPart(id, 0, part)).status).toBe(201);
    // The rest comes after all: the same part, which is there.
    let answer = '';
    hanging.on('data', (text) => {
      answer += String(text);
    });
    hanging.write(part.subarray(100_000));
    await until(async () => answer.includes('\r\n\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    hanging.destroy();
    await until(async () => (await incoming()).length === 0);
  });

  test('is refused before its body is read, where it is announced too large or not signed', async () => {
    const id = freshEventId();
    await camera.putEvent(id);
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`PUT /api/events/${id}/photo HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
    const target = `/api/events/${id}/photo`;
    const large = await beginUpload(target, somePhoto('', 5_000_000), 10, 'image/jpeg');
    const [refused] = await once(large, 'data');
    expect(String(refused)).toMatch(/^HTTP\/1\.1 413 /);
    large.destroy();
    expect(await incoming()).toEqual([]);
  });

  test('without an announced length is stopped at the limit', async () => {
    const id = freshEventId();
    await camera.putEvent(id);
    const target = `/api/events/${id}/photo`;
    const endless = somePhoto('', 6_000_000);
    const fields = await camera.fieldsFor({ method: 'PUT', target, body: endless });
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < endless.length; at += 100_000) controller.enqueue(endless.subarray(at, at + 100_000));
        controller.close();
      },
    });
    const answer = await fetch(`http://127.0.0.1:${port}${target}`, {
      method: 'PUT',
      headers: { ...fields },
      body,
      duplex: 'half',
    } as RequestInit);
    expect([answer.status, await answer.json()]).toMatchObject([413, { error: { code: 'too-large' } }]);
    expect(await incoming()).toEqual([]);
    const row = await features.db
      .selectFrom('event')
      .select('photoSha256')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(row.photoSha256).toBeNull();
  });
});

test('a photo whose file stayed from a crash before its row was written is replaced by what is sent again', async () => {
  const id = freshEventId();
  await camera.putEvent(id);
  const photo = somePhoto(id, 5000);
  await camera.putPhoto(id, somePhoto('older', 7000));
  await features.db.updateTable('event').set({ photoSha256: null, photoBytes: null }).where('id', '=', id).execute();
  expect((await camera.putPhoto(id, photo)).status).toBe(201);
  const shown = await fetch(`http://127.0.0.1:${port}/api/cameras/${camera.cameraId}/events/${id}/photo`, {
    headers: anna,
  });
  expect(Buffer.from(await shown.arrayBuffer()).equals(photo)).toBe(true);
});
