/** Cameras and viewers on real sockets with a real database: who gets what, and that nobody else gets anything. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  type CameraKey,
  createCameraKey,
  openTestCamera,
  openTestViewer,
  signNonce,
  socketUrl,
  TEST_VIDEO,
  testChunk,
} from '../../../test/kit/live.ts';
import { createCameraChanges } from '../../cameras/server/changes.ts';
import { createPresence } from '../../cameras/server/presence.ts';
import { CameraSettings } from '../../cameras/shared/schema.ts';
import { systemClock } from '../../ports/clock.ts';
import { type OpenDatabase, openDatabase } from '../../ports/database/database.ts';
import { migrate } from '../../ports/database/migrate.ts';
import { CLOSE } from '../shared/protocol.ts';
import { attachSockets, type LiveSockets } from './sockets.ts';

const BEAT = { state: 'watching', motion: false, streaming: true, queued: 0 } as const;

/** Patient: another test may have the machine at work. */
const until = (condition: () => unknown) => vi.waitUntil(condition, { timeout: 30_000, interval: 10 });

let folder: string;
let database: OpenDatabase;
let server: Server;
let origin: string;
let live: LiveSockets;
let presence: ReturnType<typeof createPresence>;
let changes: ReturnType<typeof createCameraChanges>;
let announce: (change: { accountId: string; cameraId: string; eventId: string }) => void;
/** Cookie → account. */
let sessions: Map<string, string>;
let closers: (() => void)[];
/** The server's side of every connection. */
let openSockets: Set<Socket>;
/** What the question whose session it is waits for. */
let asking: Promise<unknown>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-live-'));
  database = await openDatabase(join(folder, 'vigie.db'));
  await migrate(database.db);
  for (const id of ['ann', 'ben']) await addUser(id);
  server = createServer((_request, response) => response.end());
  openSockets = new Set();
  server.on('connection', (socket) => {
    openSockets.add(socket);
    socket.once('close', () => openSockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  sessions = new Map([
    ['ann=1', 'ann'],
    ['ben=1', 'ben'],
  ]);
  closers = [];
  asking = Promise.resolve();
  changes = createCameraChanges();
  presence = createPresence({ clock: systemClock });
  live = attach();
});

function attach(stepMillis = 60_000): LiveSockets {
  return attachSockets({
    servers: [server],
    db: database.db,
    accounts: {
      accountByCookie: async (cookie, { protocol }) => {
        await asking;
        const id = sessions.get(protocol === 'https' ? `tls ${cookie}` : cookie);
        return id === undefined ? null : { id };
      },
    },
    arrivalOf: ({ headers }) => ({
      network: String(headers['x-test-network'] ?? '127.0.0.1'),
      protocol: String(headers['x-test-protocol'] ?? 'http'),
      host: headers.host ?? '',
    }),
    presence,
    changes,
    announcements: {
      on: (listener) => {
        announce = listener;
        return () => {};
      },
    },
    clock: systemClock,
    log: { warn: (fields, text) => console.warn(text, fields) },
    stepMillis,
    recheckMillis: 3_600_000,
  });
}

afterEach(async () => {
  for (const close of closers) close();
  live.close();
  presence.close();
  server.close();
  server.closeAllConnections();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function addUser(id: string): Promise<void> {
  const now = new Date().toISOString();
  await database.db
    .insertInto('user')
    .values({
      id,
      name: '',
      email: `${id}@example.org`,
      emailVerified: 1,
      image: null,
      createdAt: now,
      updatedAt: now,
      locale: 'en',
      isOwner: 0,
    })
    .execute();
}

async function addCamera(accountId: string, streaming = true): Promise<{ id: string; key: CameraKey }> {
  const key = createCameraKey();
  const id = uuidv7();
  await database.db
    .insertInto('camera')
    .values({
      id,
      accountId,
      name: `Camera of ${accountId}`,
      publicKey: JSON.stringify(key.publicKey),
      settings: JSON.stringify(CameraSettings.parse({ streaming })),
      createdAt: Date.now(),
      lastSeenAt: null,
      revokedAt: null,
    })
    .execute();
  return { id, key };
}

async function onlineCamera(accountId: string, streaming = true) {
  const { id, key } = await addCamera(accountId, streaming);
  const camera = openTestCamera(origin, id, key);
  closers.push(() => camera.publisher.close());
  camera.publisher.config(TEST_VIDEO);
  camera.publisher.beat(BEAT);
  await until(() => presence.cameraState(id) === 'watching' && presence.of(id)?.streaming);
  return { id, key, ...camera };
}

function viewerOf(cookie: string, from?: string) {
  const viewer = openTestViewer(origin, {
    cookie,
    ...(from !== undefined && { from }),
    signedIn: async () => sessions.has(cookie),
  });
  closers.push(() => viewer.connection.close());
  return viewer;
}

/** Publishes one chunk; counts what was really sent. */
const send = (
  camera: { publisher: { chunk: ReturnType<typeof openTestCamera>['publisher']['chunk'] } },
  type: 'key' | 'delta',
  fill: number,
) => camera.publisher.chunk(testChunk(type, 1000, fill), Date.now() * 1000);

const fills = (viewer: ReturnType<typeof viewerOf>) => viewer.chunks.map(({ chunk }) => chunk.data[0]);

describe('a camera and its viewers', () => {
  it('sends nothing while nobody watches, begins with a key frame, stops when the last one leaves', async () => {
    const camera = await onlineCamera('ann');
    expect(send(camera, 'key', 1)).toBe(false);
    const viewer = viewerOf('ann=1');
    viewer.connection.watch(camera.id);
    await until(() => camera.watched.length === 1);
    expect(camera.watched[0]).toEqual({ viewers: 1, key: true });
    expect(send(camera, 'delta', 2)).toBe(false);
    expect(send(camera, 'key', 3)).toBe(true);
    expect(send(camera, 'delta', 4)).toBe(true);
    await until(() => viewer.chunks.length === 2);
    expect(fills(viewer)).toEqual([3, 4]);
    expect(viewer.configs).toEqual([{ cameraId: camera.id, video: TEST_VIDEO }]);
    viewer.connection.leave(camera.id);
    await until(() => camera.watched.at(-1)?.viewers === 0);
    const before = camera.bytesSent();
    expect(send(camera, 'key', 5)).toBe(false);
    expect(camera.bytesSent()).toBe(before);
  });

  it('gives a joiner the last group of pictures at once', async () => {
    const camera = await onlineCamera('ann');
    const first = viewerOf('ann=1');
    first.connection.watch(camera.id);
    await until(() => camera.publisher.viewers === 1);
    for (const [type, fill] of [
      ['key', 1],
      ['delta', 2],
      ['key', 3],
      ['delta', 4],
      ['delta', 5],
    ] as const)
      send(camera, type, fill);
    await until(() => first.chunks.length === 5);
    const second = viewerOf('ann=1');
    second.connection.watch(camera.id);
    await until(() => second.chunks.length === 3);
    expect(fills(second)).toEqual([3, 4, 5]);
    expect(camera.watched.at(-1)).toEqual({ viewers: 2, key: false });
    send(camera, 'delta', 6);
    await until(() => first.chunks.length === 6 && second.chunks.length === 4);
  });

  it('keeps two cameras of one viewer apart', async () => {
    const [a, b] = [await onlineCamera('ann'), await onlineCamera('ann')];
    const viewer = viewerOf('ann=1');
    viewer.connection.watch(a.id);
    viewer.connection.watch(b.id);
    await until(() => a.publisher.viewers === 1 && b.publisher.viewers === 1);
    send(a, 'key', 1);
    send(b, 'key', 2);
    await until(() => viewer.chunks.length === 2);
    expect(new Set(viewer.chunks.map(({ cameraId, chunk }) => `${cameraId} ${chunk.data[0]}`))).toEqual(
      new Set([`${a.id} 1`, `${b.id} 2`]),
    );
  });

  it('never relays a camera whose streaming is off, and stops at once when it is turned off', async () => {
    const camera = await onlineCamera('ann');
    const viewer = viewerOf('ann=1');
    viewer.connection.watch(camera.id);
    await until(() => camera.publisher.viewers === 1);
    send(camera, 'key', 1);
    await until(() => viewer.chunks.length === 1);
    camera.publisher.beat({ ...BEAT, streaming: false });
    await until(() => camera.publisher.viewers === 0);
    await until(() => viewer.cameras()[0]?.settings.streaming === false);
    camera.publisher.beat(BEAT);
    await until(() => camera.watched.at(-1)?.viewers === 1);
    expect(camera.watched.at(-1)?.key).toBe(true);
  });

  it('does not take a camera by its word where the stored setting is off', async () => {
    const camera = await onlineCamera('ann', false);
    const viewer = viewerOf('ann=1');
    viewer.connection.watch(camera.id);
    await until(() => viewer.cameras().length === 1);
    expect(viewer.cameras()[0]?.settings.streaming).toBe(false);
    expect(camera.watched).toEqual([]);
    await database.db
      .updateTable('camera')
      .set({ settings: JSON.stringify(CameraSettings.parse({ streaming: true })), name: 'Hall' })
      .execute();
    changes.emit({ cameraId: camera.id, accountId: 'ann', what: 'changed' });
    await until(() => camera.publisher.viewers === 1);
    expect(camera.settings.at(-1)).toEqual({ name: 'Hall', streaming: true });
    await until(() => viewer.cameras()[0]?.name === 'Hall');
  });

  it('tells viewers of states, movement and events, each to its own account', async () => {
    const camera = await onlineCamera('ann');
    const [ann, ben] = [viewerOf('ann=1'), viewerOf('ben=1')];
    await until(() => ann.cameras().length === 1 && ben.states.at(-1) === 'open');
    camera.publisher.beat({ ...BEAT, motion: true });
    await until(() => ann.cameras()[0]?.motion === true);
    const eventId = uuidv7();
    announce({ accountId: 'ann', cameraId: camera.id, eventId });
    await until(() => ann.events.length === 1);
    expect(ann.events).toEqual([{ cameraId: camera.id, eventId }]);
    expect(ben.cameras()).toEqual([]);
    expect(ben.events).toEqual([]);
  });
});

/** An upgrade whose client never closes. */
function upgrading(path: string) {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  closers.push(() => socket.destroy());
  let answer = '';
  socket.on('error', () => {});
  socket.on('data', (data) => {
    answer += String(data);
  });
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nCookie: ann=0\r\n\r\n`,
  );
  return { answer: () => answer };
}

describe('a server that ends', () => {
  it('does not wait for an upgrade that is not decided yet', async () => {
    asking = new Promise(() => {});
    const asked = once(server, 'upgrade');
    upgrading('/api/live/watch');
    await asked;
    expect(openSockets.size).toBe(1);
    live.close();
    await until(() => openSockets.size === 0);
  });
});

describe('a server that restarts', () => {
  it('has camera and viewer back by themselves, and the picture goes on', async () => {
    const camera = await onlineCamera('ann');
    const viewer = viewerOf('ann=1');
    viewer.connection.watch(camera.id);
    await until(() => camera.publisher.viewers === 1);
    live.close();
    await until(() => camera.publisher.viewers === 0 && viewer.states.at(-1) === 'lost');
    live = attach();
    await until(() => camera.publisher.viewers === 1);
    expect(camera.watched.at(-1)).toEqual({ viewers: 1, key: true });
    send(camera, 'key', 9);
    await until(() => fills(viewer).at(-1) === 9);
    expect(viewer.states.at(-1)).toBe('open');
  });
});

describe('those who may not', () => {
  it('another account that guessed the id gets an error and not a byte', async () => {
    const camera = await onlineCamera('ann');
    const mine = viewerOf('ann=1');
    mine.connection.watch(camera.id);
    const socket = new WebSocket(socketUrl(origin, '/api/live/watch'), { origin, headers: { cookie: 'ben=1' } });
    const heard: string[] = [];
    let binary = 0;
    socket.on('message', (data, isBinary) => (isBinary ? binary++ : heard.push(String(data))));
    await once(socket, 'open');
    closers.push(() => socket.terminate());
    socket.send(JSON.stringify({ type: 'hello', version: 1 }));
    socket.send(JSON.stringify({ type: 'watch', cameraId: camera.id }));
    await until(() => heard.length === 2);
    expect(JSON.parse(heard[0] ?? '')).toMatchObject({ type: 'cameras', cameras: [] });
    expect(JSON.parse(heard[1] ?? '')).toMatchObject({ type: 'error', code: 'camera-unknown', cameraId: camera.id });
    await until(() => camera.publisher.viewers === 1);
    send(camera, 'key', 1);
    await until(() => mine.chunks.length === 1);
    expect([binary, heard.length]).toEqual([0, 2]);
  });

  it.each([
    ['signed out', 'nobody=1', undefined, 401],
    ['a page of another site', 'ann=1', 'https://elsewhere.example', 403],
    ['a page of the same host on another port', 'ann=1', 'http://127.0.0.1:1', 403],
  ])('%s is refused before the socket opens', async (_who, cookie, from, status) => {
    const socket = new WebSocket(socketUrl(origin, '/api/live/watch'), { origin: from ?? origin, headers: { cookie } });
    socket.on('error', () => {});
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(status);
  });

  it.each([
    ['an unknown path', '/api/live/other', 404],
    ['a viewer without a session', '/api/live/watch', 401],
  ])('%s: its connection is not held, however long the other side would', async (_what, path, status) => {
    const held = upgrading(path);
    await until(() => held.answer().includes('\r\n\r\n') && openSockets.size === 0);
    expect(held.answer()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('a page on http://localhost is who it is there, though the browser sends the cookie for TLS as well', async () => {
    sessions.set('tls ann=1', 'ben');
    const open = async (protocol: string) => {
      const headers = { cookie: 'ann=1', 'x-test-protocol': protocol };
      const socket = new WebSocket(socketUrl(origin, '/api/live/watch'), { origin, headers });
      closers.push(() => socket.terminate());
      const closed = once(socket, 'close').then(([code]) => code as number);
      const heard: { type: string; cameras: { id: string }[] }[] = [];
      socket.on('message', (data) => heard.push(JSON.parse(String(data))));
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'hello', version: 1 }));
      await until(() => heard.length === 1);
      return { socket, closed, cameras: heard[0]?.cameras.map(({ id }) => id) };
    };
    const [ofAnn, ofBen] = [await addCamera('ann'), await addCamera('ben')];
    const [plain, tls] = [await open('http'), await open('https')];
    expect([plain.cameras, tls.cameras]).toEqual([[ofAnn.id], [ofBen.id]]);
    sessions.delete('ann=1');
    await live.recheckSessions();
    expect(await plain.closed).toBe(CLOSE.sessionEnded);
    expect(tls.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('an unknown path is no socket', async () => {
    const socket = new WebSocket(socketUrl(origin, '/api/live/other'), { origin });
    socket.on('error', () => {});
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(404);
  });

  it('an ended session ends its sockets, and the viewer knows', async () => {
    const camera = await onlineCamera('ann');
    const [first, other] = [viewerOf('ann=1'), viewerOf('ben=1')];
    first.connection.watch(camera.id);
    await until(() => camera.publisher.viewers === 1 && other.states.at(-1) === 'open');
    sessions.delete('ann=1');
    await live.recheckSessions();
    await until(() => first.states.at(-1) === 'ended');
    await until(() => camera.publisher.viewers === 0);
    expect(other.states.at(-1)).toBe('open');
  });
});

describe("a camera's proof", () => {
  async function rawCamera(network = '127.0.0.1') {
    const socket = new WebSocket(socketUrl(origin, '/api/live/camera'), { headers: { 'x-test-network': network } });
    closers.push(() => socket.terminate());
    const heard: { type: string; nonce?: string; code?: string }[] = [];
    socket.on('message', (data) => heard.push(JSON.parse(String(data))));
    const closed = once(socket, 'close').then(([code]) => code as number);
    await once(socket, 'open');
    const say = (message: object) => socket.send(JSON.stringify(message));
    return { socket, heard, closed, say };
  }
  async function challenged(cameraId: string) {
    const raw = await rawCamera();
    raw.say({ type: 'hello', version: 1, cameraId });
    await until(() => raw.heard.length === 1);
    return { ...raw, nonce: raw.heard[0]?.nonce ?? '' };
  }

  it('is good once: replayed on another socket it is refused', async () => {
    const { id, key } = await addCamera('ann');
    const first = await challenged(id);
    const signature = signNonce(key, id, first.nonce);
    first.say({ type: 'proof', signature });
    await until(() => first.heard[1]?.type === 'ready');
    const second = await challenged(id);
    expect(second.nonce).not.toBe(first.nonce);
    second.say({ type: 'proof', signature });
    expect(await second.closed).toBe(CLOSE.signatureInvalid);
    expect(first.socket.readyState).toBe(WebSocket.OPEN);
  });

  it("with another camera's key, or for an id that does not exist, is refused alike", async () => {
    const [mine, other] = [await addCamera('ann'), await addCamera('ben')];
    for (const id of [other.id, uuidv7()]) {
      const socket = await challenged(id);
      socket.say({ type: 'proof', signature: signNonce(mine.key, id, socket.nonce) });
      expect(await socket.closed).toBe(CLOSE.signatureInvalid);
      expect(socket.heard[1]).toMatchObject({ type: 'error', code: 'signature-invalid' });
    }
  });

  it('of a revoked camera is refused, and revoking closes an open socket at once, for good', async () => {
    const camera = await onlineCamera('ann');
    await database.db.updateTable('camera').set({ revokedAt: 1 }).where('id', '=', camera.id).execute();
    changes.emit({ cameraId: camera.id, accountId: 'ann', what: 'revoked' });
    await until(() => camera.states.at(-1) === 'refused');
    expect(presence.cameraState(camera.id)).toBe('offline');
    const again = await challenged(camera.id);
    again.say({ type: 'proof', signature: signNonce(camera.key, camera.id, again.nonce) });
    expect(await again.closed).toBe(CLOSE.revoked);
  });

  it('must come within the deadline, as must the hello', async () => {
    live.close();
    live = attach(200);
    const silent = await rawCamera();
    expect(await silent.closed).toBe(CLOSE.deadline);
    const { id } = await addCamera('ann');
    const unproven = await challenged(id);
    expect(await unproven.closed).toBe(CLOSE.deadline);
  });

  it.each([
    ['not JSON', 'hello'],
    ['an unknown field', JSON.stringify({ type: 'hello', version: 1, cameraId: uuidv7(), more: 1 })],
    ['another version', JSON.stringify({ type: 'hello', version: 2, cameraId: uuidv7() })],
    ['a beat before the proof', JSON.stringify({ type: 'beat', sentAt: 1, ...BEAT })],
    ['a chunk before the proof', Buffer.alloc(100, 1)],
  ])('%s closes the socket', async (_what, message) => {
    const raw = await rawCamera();
    raw.socket.send(message);
    expect(await raw.closed).toBe(CLOSE.protocol);
  });

  it('cannot be kept waiting by sockets that prove nothing: so many of one network, so many of all', async () => {
    const refusedFrom = async (network: string) => {
      const headers = { 'x-test-network': network };
      const late = new WebSocket(socketUrl(origin, '/api/live/camera'), { headers });
      late.on('error', () => {});
      const [, response] = await once(late, 'unexpected-response');
      return response.statusCode;
    };
    const one = await Promise.all(Array.from({ length: 16 }, () => rawCamera('one')));
    expect(await refusedFrom('one')).toBe(503);
    await Promise.all(Array.from({ length: 240 }, (_, n) => rawCamera(`other ${n % 15}`)));
    expect(await refusedFrom('elsewhere')).toBe(503);
    one[0]?.socket.close();
    await one[0]?.closed;
    const next = await rawCamera('one');
    expect(next.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('frees its place for the next camera of its network', async () => {
    for (let n = 0; n < 20; n++) {
      const { id, key } = await addCamera('ann');
      const socket = await challenged(id);
      socket.say({ type: 'proof', signature: signNonce(key, id, socket.nonce) });
      await until(() => socket.heard.length === 2);
      expect(socket.heard[1]?.type).toBe('ready');
    }
  });

  it('comes first: a socket that sends much before it is cut off, and may send much after it', async () => {
    const early = await rawCamera();
    early.socket.on('error', () => {});
    early.socket.send(Buffer.alloc(512 * 1024), { fin: false });
    expect(await early.closed).toBe(1006);
    const { id, key } = await addCamera('ann');
    const proven = await challenged(id);
    proven.say({ type: 'proof', signature: signNonce(key, id, proven.nonce) });
    await until(() => proven.heard[1]?.type === 'ready');
    for (let n = 0; n < 100; n++) proven.say({ type: 'beat', sentAt: n, ...BEAT });
    await until(() => proven.heard.length === 102);
  });

  it('a second page of the same camera takes over', async () => {
    const camera = await onlineCamera('ann');
    const second = await challenged(camera.id);
    second.say({ type: 'proof', signature: signNonce(camera.key, camera.id, second.nonce) });
    await until(() => camera.states.at(-1) === 'replaced');
    expect(second.heard[1]?.type).toBe('ready');
  });
});
