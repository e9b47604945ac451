/** A publisher on scripted sockets and a turned clock: it comes back, tells the truth, and never sends unwatched. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeSockets } from '../../../test/kit/fake-socket.ts';
import { CameraSettings } from '../../cameras/shared/schema.ts';
import { decodeChunk } from '../shared/chunk.ts';
import { CLOSE } from '../shared/protocol.ts';
import { createPublisher, type PublishedChunk, type Publisher, type PublisherState } from './publisher.ts';
import { UPLINK_HIGH_BYTES } from './uplink.ts';

const CAMERA_ID = '0190f0f0-0000-7000-8000-000000000001';
const BEAT = { state: 'watching', motion: false, streaming: true, queued: 0 } as const;
const VIDEO = { codec: 'avc1.42001f', codedWidth: 640, codedHeight: 480 };
const SETTINGS = CameraSettings.parse({});

const chunk = (type: 'key' | 'delta', fill = 7): PublishedChunk => ({
  type,
  byteLength: 4,
  copyTo: (to) => to.fill(fill),
});

let publisher: Publisher | null = null;
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  publisher?.close();
  vi.useRealTimers();
});

function setUp() {
  const sockets = createFakeSockets();
  const states: PublisherState[] = [];
  const watched: [number, boolean][] = [];
  const names: string[] = [];
  const made = createPublisher({
    url: 'wss://vigie.example/api/live/camera',
    cameraId: CAMERA_ID,
    sign: async (nonce) => `signed ${nonce}`,
    onWatched: (viewers, key) => watched.push([viewers, key]),
    onSettings: (_settings, name) => names.push(name),
    onState: (state) => states.push(state),
    open: sockets.open,
  });
  publisher = made;
  /** The other side lets the last socket in. */
  const letIn = async () => {
    const socket = sockets.last();
    socket.accept();
    socket.say({ type: 'challenge', nonce: 'n' });
    await vi.advanceTimersByTimeAsync(0);
    socket.say({ type: 'ready', name: 'Hall', settings: SETTINGS, serverNow: Date.now() });
    return socket;
  };
  return { sockets, states, watched, names, letIn, publisher: made };
}

describe('the handshake', () => {
  it('says who it is, answers the challenge, then beats', async () => {
    const { letIn, publisher, states, names } = setUp();
    publisher.beat(BEAT);
    publisher.config(VIDEO);
    const socket = await letIn();
    expect(socket.texts()).toMatchObject([
      { type: 'hello', version: 1, cameraId: CAMERA_ID },
      { type: 'proof', signature: 'signed n' },
      { type: 'config', rung: 0, video: VIDEO },
      { type: 'beat', ...BEAT },
    ]);
    expect(states).toEqual(['connecting', 'ready']);
    expect(names).toEqual(['Hall']);
  });

  it('ignores what is not of the protocol', async () => {
    const { letIn, watched } = setUp();
    const socket = await letIn();
    socket.say({ type: 'watched', viewers: -1, key: true });
    socket.say({ type: 'something' });
    expect(watched).toEqual([]);
  });
});

describe('beats', () => {
  it('go every five seconds, and at once when something changed', async () => {
    const { letIn, publisher } = setUp();
    const socket = await letIn();
    const beats = () => socket.texts().filter(({ type }) => type === 'beat').length;
    publisher.beat(BEAT);
    publisher.beat(BEAT);
    expect(beats()).toBe(2);
    for (const _ of [1, 2]) {
      await vi.advanceTimersByTimeAsync(5000);
      socket.say({ type: 'beat', sentAt: Date.now(), serverNow: Date.now() });
    }
    expect(beats()).toBe(4);
  });

  it('give the server’s clock, by which chunks are stamped', async () => {
    const { letIn, publisher } = setUp();
    const socket = await letIn();
    const sentAt = Date.now();
    await vi.advanceTimersByTimeAsync(20);
    socket.say({ type: 'beat', sentAt, serverNow: sentAt + 60_010 });
    expect(publisher.serverOffsetMillis()).toBe(60_000);
    publisher.config(VIDEO);
    socket.say({ type: 'watched', viewers: 1, key: true });
    publisher.chunk(chunk('key'), 5_000_000);
    expect(decodeChunk(socket.binaries()[0] ?? new Uint8Array())?.captureTimeMicros).toBe(65_000_000);
  });
});

describe('chunks', () => {
  it('leave only while somebody watches, from a key chunk on, numbered', async () => {
    const { letIn, publisher, watched } = setUp();
    publisher.config(VIDEO);
    const socket = await letIn();
    expect(publisher.chunk(chunk('key'), 1)).toBe(false);
    socket.say({ type: 'watched', viewers: 2, key: true });
    expect(watched).toEqual([[2, true]]);
    expect(publisher.chunk(chunk('delta'), 2)).toBe(false);
    expect(publisher.chunk(chunk('key', 9), 3)).toBe(true);
    expect(publisher.chunk(chunk('delta'), 4)).toBe(true);
    socket.say({ type: 'watched', viewers: 0, key: false });
    expect(publisher.chunk(chunk('delta'), 5)).toBe(false);
    expect(socket.binaries().map((bytes) => decodeChunk(bytes))).toMatchObject([
      { key: true, jpeg: false, sequence: 0, captureTimeMicros: 3, data: new Uint8Array([9, 9, 9, 9]) },
      { key: false, sequence: 1, captureTimeMicros: 4 },
    ]);
  });

  it('are marked as JPEG where the configuration says so', async () => {
    const { letIn, publisher } = setUp();
    const socket = await letIn();
    publisher.config({ ...VIDEO, codec: 'jpeg' });
    socket.say({ type: 'watched', viewers: 1, key: true });
    publisher.chunk(chunk('key'), 1);
    expect(decodeChunk(socket.binaries()[0] ?? new Uint8Array())?.jpeg).toBe(true);
  });

  it('are dropped when the uplink fills, and a key chunk is asked for when it has drained', async () => {
    const { letIn, publisher, watched } = setUp();
    publisher.config(VIDEO);
    const socket = await letIn();
    socket.say({ type: 'watched', viewers: 3, key: true });
    publisher.chunk(chunk('key'), 1);
    socket.bufferedAmount = UPLINK_HIGH_BYTES + 1;
    expect(publisher.chunk(chunk('delta'), 2)).toBe(false);
    socket.bufferedAmount = 0;
    expect(publisher.chunk(chunk('delta'), 3)).toBe(false);
    expect(watched).toEqual([
      [3, true],
      [3, true],
    ]);
    expect(publisher.chunk(chunk('key'), 4)).toBe(true);
  });
});

describe('a lost connection', () => {
  it('stops publishing, tries again with growing pauses, and goes on as before', async () => {
    const { sockets, letIn, publisher, states, watched } = setUp();
    publisher.config(VIDEO);
    const first = await letIn();
    first.say({ type: 'watched', viewers: 1, key: true });
    first.end();
    expect(watched.at(-1)).toEqual([0, false]);
    expect(states.at(-1)).toBe('waiting');
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets.made).toHaveLength(2);
    const second = await letIn();
    expect(states.at(-1)).toBe('ready');
    expect(second.texts().map(({ type }) => type)).toEqual(['hello', 'proof', 'config', 'beat']);
  });

  it('is called unreachable after four tries that never opened, and is tried on', async () => {
    const { sockets, states, letIn } = setUp();
    for (let attempt = 0; attempt < 6; attempt++) {
      sockets.last().end();
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(states).toEqual([
      'connecting',
      'waiting',
      'connecting',
      'waiting',
      'connecting',
      'waiting',
      'connecting',
      'unreachable',
    ]);
    expect(sockets.made).toHaveLength(7);
    await letIn();
    expect(states.at(-1)).toBe('ready');
  });

  it('is noticed where nothing says so: beats stay without an answer', async () => {
    const { sockets, letIn, states } = setUp();
    await letIn();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(states).toContain('waiting');
    await vi.advanceTimersByTimeAsync(1000);
    expect(sockets.made).toHaveLength(2);
  });

  it('is looked for at once when the machine has slept, and kept where it lives', async () => {
    const { sockets, letIn, states } = setUp();
    const socket = await letIn();
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(5000);
    socket.say({ type: 'beat', sentAt: Date.now(), serverNow: Date.now() });
    await vi.advanceTimersByTimeAsync(3000);
    expect(states.at(-1)).toBe('ready');
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(5000);
    await vi.advanceTimersByTimeAsync(3500);
    expect(states).toContain('waiting');
    expect(sockets.made).toHaveLength(2);
  });

  it.each([
    ['revoked', CLOSE.revoked],
    ['unknown', CLOSE.signatureInvalid],
  ])('is final for a camera that is %s', async (_why, code) => {
    const { sockets, letIn, states } = setUp();
    (await letIn()).end(code);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(states.at(-1)).toBe('refused');
    expect(sockets.made).toHaveLength(1);
  });

  it('waits long where another page of the camera took over', async () => {
    const { sockets, letIn, states } = setUp();
    (await letIn()).end(CLOSE.replaced);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(states.at(-1)).toBe('replaced');
    expect(sockets.made).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(sockets.made).toHaveLength(2);
  });

  it('is not looked for any more once closed', async () => {
    const { sockets, letIn, publisher } = setUp();
    await letIn();
    publisher.close();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(sockets.made).toHaveLength(1);
  });
});
