/** A viewer's connection on scripted sockets and a turned clock: it watches, comes back, and knows when it is over. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeSockets, type FakeSocket } from '../../../test/kit/fake-socket.ts';
import { encodeChunk } from '../shared/chunk.ts';
import { CLOSE } from '../shared/protocol.ts';
import { type Connection, type ConnectionState, connectViewer } from './connection.ts';

const A = '0190f0f0-0000-7000-8000-00000000000a';
const B = '0190f0f0-0000-7000-8000-00000000000b';
const VIDEO = { codec: 'avc1.42001f', codedWidth: 640, codedHeight: 480 };

let connection: Connection | null = null;
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  connection?.close();
  vi.useRealTimers();
});

function setUp(signedIn: () => Promise<boolean> = async () => true) {
  const sockets = createFakeSockets();
  const states: ConnectionState[] = [];
  const chunks: [string, number][] = [];
  const made = connectViewer({
    url: 'wss://vigie.example/api/live/watch',
    onCameras: () => {},
    onConfig: () => {},
    onChunk: (cameraId, chunk) => chunks.push([cameraId, chunk.sequence]),
    onState: (state) => states.push(state),
    signedIn,
    open: sockets.open,
  });
  connection = made;
  const letIn = () => {
    const socket = sockets.last();
    socket.accept();
    socket.say({ type: 'cameras', cameras: [], serverNow: Date.now() });
    return socket;
  };
  return { sockets, states, chunks, letIn, connection: made };
}

function sayChunk(socket: FakeSocket, channel: number, sequence: number): void {
  socket.say(
    encodeChunk({
      key: true,
      jpeg: false,
      temporalLayer: 0,
      channel,
      sequence,
      captureTimeMicros: 1,
      data: new Uint8Array(3),
    }).buffer,
  );
}

const watches = (socket: FakeSocket) =>
  socket
    .texts()
    .filter(({ type }) => type === 'watch')
    .map(({ cameraId }) => cameraId);

describe('chunks', () => {
  it('go to the camera whose channel they carry, and nowhere where it was left', () => {
    const { letIn, connection, chunks } = setUp();
    connection.watch(A);
    const socket = letIn();
    connection.watch(B);
    expect(watches(socket)).toEqual([A, B]);
    socket.say({ type: 'config', cameraId: A, channel: 3, video: VIDEO });
    socket.say({ type: 'config', cameraId: B, channel: 4, video: VIDEO });
    sayChunk(socket, 3, 1);
    sayChunk(socket, 4, 2);
    sayChunk(socket, 5, 3);
    connection.leave(A);
    sayChunk(socket, 3, 4);
    expect(chunks).toEqual([
      [A, 1],
      [B, 2],
    ]);
  });
});

describe('coming back', () => {
  it('watches again what was watched, and does not trust the old channels', async () => {
    const { sockets, letIn, connection, chunks, states } = setUp();
    connection.watch(A);
    connection.watch(B);
    const first = letIn();
    first.say({ type: 'config', cameraId: A, channel: 3, video: VIDEO });
    connection.leave(B);
    first.end();
    expect(states.at(-1)).toBe('lost');
    await vi.advanceTimersByTimeAsync(400);
    const second = letIn();
    expect(watches(second)).toEqual([A]);
    sayChunk(second, 3, 1);
    expect(chunks).toEqual([]);
    expect(states.at(-1)).toBe('open');
    expect(sockets.made).toHaveLength(2);
  });

  it('tries at least every four seconds, without end', async () => {
    const { sockets } = setUp();
    for (let attempt = 0; attempt < 20; attempt++) {
      sockets.last().end();
      await vi.advanceTimersByTimeAsync(4000);
    }
    expect(sockets.made).toHaveLength(21);
  });

  it('notices a dead connection: a ping without an answer', async () => {
    const { sockets, letIn, states } = setUp();
    const socket = letIn();
    await vi.advanceTimersByTimeAsync(1000);
    socket.say({ type: 'pong', sentAt: Date.now(), serverNow: Date.now() });
    await vi.advanceTimersByTimeAsync(9000);
    expect(states.at(-1)).toBe('lost');
    await vi.advanceTimersByTimeAsync(400);
    expect(sockets.made).toHaveLength(2);
  });

  it('does not take a hidden page, whose timers sleep, for a dead connection', async () => {
    const { letIn, states } = setUp();
    const socket = letIn();
    const ping = vi.spyOn(socket, 'send').mockImplementation((data) => {
      if (String(data).includes('ping')) socket.say({ type: 'pong', sentAt: Date.now(), serverNow: Date.now() });
    });
    await vi.advanceTimersByTimeAsync(1000);
    vi.setSystemTime(Date.now() + 60_000);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ping.mock.calls.length).toBeGreaterThan(3);
    expect(states.at(-1)).toBe('open');
  });

  it('looks at once when the page wakes', async () => {
    const { sockets, connection, letIn } = setUp();
    letIn().end();
    connection.check();
    expect(sockets.made).toHaveLength(2);
    letIn();
    await vi.advanceTimersByTimeAsync(1000);
    connection.check();
    await vi.advanceTimersByTimeAsync(4500);
    expect(sockets.made).toHaveLength(3);
  });
});

describe('the end', () => {
  it('is when the server says that the session has ended', async () => {
    const { sockets, letIn, states } = setUp();
    letIn().end(CLOSE.sessionEnded);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toBe('ended');
    expect(sockets.made).toHaveLength(1);
  });

  it('is when a socket is refused and there is no session', async () => {
    const { sockets, states } = setUp(async () => false);
    sockets.last().end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toBe('ended');
    expect(sockets.made).toHaveLength(1);
  });

  it('is not when the server cannot be asked', async () => {
    const { sockets, states } = setUp(async () => {
      throw new Error('no network');
    });
    sockets.last().end();
    await vi.advanceTimersByTimeAsync(2000);
    expect(states.at(-1)).not.toBe('ended');
    expect(sockets.made.length).toBeGreaterThan(1);
  });
});

it('knows the server’s time', async () => {
  const { letIn, connection } = setUp();
  const socket = letIn();
  await vi.advanceTimersByTimeAsync(0);
  const [{ sentAt } = { sentAt: 0 }] = socket.texts().filter(({ type }) => type === 'ping') as unknown as {
    sentAt: number;
  }[];
  await vi.advanceTimersByTimeAsync(40);
  socket.say({ type: 'pong', sentAt, serverNow: sentAt + 20 - 5000 });
  expect(connection.serverNow()).toBe(Date.now() - 5000);
});
