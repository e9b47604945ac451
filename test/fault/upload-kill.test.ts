import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  cameraOf,
  createCameraKey,
  fetchTransport,
  freshEventId,
  registerCamera,
  somePart,
  somePhoto,
} from '../kit/camera.ts';
import { signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

let dataDir: string;
let server: RunningServer;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vigie-upload-kill-'));
});
afterAll(async () => {
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test('what the server acknowledged is there after kill -9: facts, photo and clip, whole; the rest can be sent again', async () => {
  server = await startServer({ dataDir });
  const { session } = await signUp(server.http, 'kill@example.org');
  const key = await createCameraKey();
  const { cameraId } = await registerCamera(
    fetchTransport(server.http),
    { ...session, origin: server.http },
    'Hall',
    key,
  );
  const acknowledged = new Map<string, Set<string>>();
  const sentAll: string[] = [];
  const KILL_AFTER = 40;
  let count = 0;
  let killed: Promise<void> | undefined;

  const sender = cameraOf(fetchTransport(server.http), key, cameraId);
  const sendUntilKilled = async () => {
    while (!killed) {
      const id = freshEventId();
      sentAll.push(id);
      const steps = {
        facts: () => sender.putEvent(id),
        photo: () => sender.putPhoto(id, somePhoto(id, 60_000)),
        clip: () => sender.putPart(id, 0, somePart(0, 90_000), { last: true }),
      };
      for (const [step, send] of Object.entries(steps)) {
        const answer = await send().catch(() => null);
        if (answer?.status !== 201) break;
        acknowledged.set(id, (acknowledged.get(id) ?? new Set()).add(step));
        if (++count === KILL_AFTER) killed = server.kill();
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, sendUntilKilled));
  await killed;
  expect(acknowledged.size).toBeGreaterThan(5);

  server = await startServer({ dataDir });
  const read = (id: string, what: string) =>
    fetch(`${server.http}/api/cameras/${cameraId}/events/${id}${what}`, { headers: session });
  for (const [id, steps] of acknowledged) {
    expect((await read(id, '')).status).toBe(200);
    if (steps.has('photo'))
      expect(Buffer.from(await (await read(id, '/photo')).arrayBuffer()).equals(somePhoto(id, 60_000))).toBe(true);
    if (steps.has('clip'))
      expect(Buffer.from(await (await read(id, '/clip')).arrayBuffer()).equals(somePart(0, 90_000))).toBe(true);
  }

  const again = cameraOf(fetchTransport(server.http), key, cameraId);
  for (const id of sentAll.slice(-6)) {
    const facts = await read(id, '').then((answer) => (answer.ok ? answer.json() : null));
    const { startedAt } = (facts ?? {}) as { startedAt?: number };
    expect((await again.putEvent(id, startedAt === undefined ? {} : { startedAt })).status).toBeLessThan(300);
    expect((await again.putPhoto(id, somePhoto(id, 60_000))).status).toBeLessThan(300);
    expect((await again.putPart(id, 0, somePart(0, 90_000), { last: true })).status).toBeLessThan(300);
    expect(Buffer.from(await (await read(id, '/photo')).arrayBuffer()).equals(somePhoto(id, 60_000))).toBe(true);
  }
  // What was cut off keeps its temporary name, until the janitor finds it a day later; it is never taken for a picture.
  expect((await readdir(join(dataDir, 'media'))).length).toBe(2);
});
