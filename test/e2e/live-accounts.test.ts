/** Two accounts with cameras and viewers side by side on a real server: they never meet, by API or by WebSocket. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  createCameraKey,
  openTestCamera,
  openTestViewer,
  TEST_VIDEO,
  type TestCamera,
  type TestViewer,
  testChunk,
} from '../kit/live.ts';
import { type Person, signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

const BEAT = { state: 'watching', motion: false, streaming: true, queued: 0 } as const;

let server: RunningServer;
const closers: (() => void)[] = [];
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  for (const close of closers) close();
  await server.stop();
});

async function cameraOf(person: Person, name: string): Promise<TestCamera & { readonly id: string }> {
  const key = createCameraKey();
  const answer = await fetch(`${server.http}/api/cameras`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.http, cookie: person.session.cookie },
    body: JSON.stringify({ name, publicKey: key.publicKey, settings: { streaming: true } }),
  });
  const { id } = (await answer.json()) as { id: string };
  const camera = openTestCamera(server.http, id, key);
  closers.push(() => camera.publisher.close());
  camera.publisher.config(TEST_VIDEO);
  camera.publisher.beat(BEAT);
  return { ...camera, id };
}

function viewerOf(person: Person, ...cameraIds: readonly string[]): TestViewer {
  const viewer = openTestViewer(server.http, { cookie: person.session.cookie });
  closers.push(() => viewer.connection.close());
  for (const id of cameraIds) viewer.connection.watch(id);
  return viewer;
}

const kindsOf = (viewer: TestViewer) =>
  new Set(viewer.chunks.map(({ cameraId, chunk }) => `${cameraId} ${chunk.data[0]}`));

it('two cameras and three viewers of one account, and another account beside them, never meet', async () => {
  const [ann, ben] = [await signUp(server.http, 'ann@example.org'), await signUp(server.http, 'ben@example.org')];
  const [hall, door, shop] = [await cameraOf(ann, 'Hall'), await cameraOf(ann, 'Door'), await cameraOf(ben, 'Shop')];
  const viewers = {
    both: viewerOf(ann, hall.id, door.id),
    hall: viewerOf(ann, hall.id),
    door: viewerOf(ann, door.id),
    // Ben guesses the ids of Ann's cameras beside his own.
    ben: viewerOf(ben, shop.id, hall.id, door.id),
  };
  await vi.waitUntil(
    () => hall.publisher.viewers === 2 && door.publisher.viewers === 2 && shop.publisher.viewers === 1,
    20_000,
  );
  for (let round = 0; round < 20; round++) {
    const type = round === 0 ? 'key' : 'delta';
    [hall, door, shop].forEach((camera, index) =>
      camera.publisher.chunk(testChunk(type, 2000, index + 1), Date.now() * 1000),
    );
  }
  await vi.waitUntil(() => viewers.both.chunks.length === 40 && viewers.ben.chunks.length === 20, 10_000);
  expect(kindsOf(viewers.both)).toEqual(new Set([`${hall.id} 1`, `${door.id} 2`]));
  expect(kindsOf(viewers.hall)).toEqual(new Set([`${hall.id} 1`]));
  expect(kindsOf(viewers.door)).toEqual(new Set([`${door.id} 2`]));
  expect(kindsOf(viewers.ben)).toEqual(new Set([`${shop.id} 3`]));
  expect(viewers.ben.cameras().map(({ name }) => name)).toEqual(['Shop']);
  expect(viewers.hall.cameras().map(({ name }) => name)).toEqual(['Hall', 'Door']);

  const list = await fetch(`${server.http}/api/cameras`, { headers: { cookie: ben.session.cookie } });
  expect(((await list.json()) as { cameras: { name: string }[] }).cameras.map(({ name }) => name)).toEqual(['Shop']);
  const guessed = await fetch(`${server.http}/api/cameras/${hall.id}`, { headers: { cookie: ben.session.cookie } });
  expect(guessed.status).toBe(404);
  const taken = await fetch(`${server.http}/api/cameras/${hall.id}`, {
    method: 'DELETE',
    headers: { cookie: ben.session.cookie, origin: server.http },
  });
  expect(taken.status).toBe(404);
  expect(hall.states.at(-1)).toBe('ready');
});

it('signing out ends what was watched at once, and a removed camera is cut off', async () => {
  const eve = await signUp(server.http, 'eve@example.org');
  const attic = await cameraOf(eve, 'Attic');
  const viewer = viewerOf(eve, attic.id);
  await vi.waitUntil(() => attic.publisher.viewers === 1, 10_000);
  const headers = { cookie: eve.session.cookie, origin: server.http };
  const again = await fetch(`${server.http}/api/accounts/sign-in`, {
    method: 'POST',
    headers: { origin: server.http, 'content-type': 'application/json' },
    body: JSON.stringify({ email: eve.email, password: eve.password }),
  });
  const other = again.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  await fetch(`${server.http}/api/accounts/sign-out`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{}',
  });
  await vi.waitUntil(() => viewer.states.at(-1) === 'ended', 10_000);
  await vi.waitUntil(() => attic.publisher.viewers === 0);
  const removed = await fetch(`${server.http}/api/cameras/${attic.id}`, {
    method: 'DELETE',
    headers: { cookie: other, origin: server.http },
  });
  expect(removed.status).toBe(204);
  await vi.waitUntil(() => attic.states.at(-1) === 'refused', 10_000);
});
