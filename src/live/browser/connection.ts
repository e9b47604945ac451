/** One socket for the whole page: cameras to watch enter; lists, configurations and chunks leave; it comes back by itself. */
import type { Camera } from '../../cameras/shared/schema.ts';
import { createBackOff } from '../shared/back-off.ts';
import { decodeChunk, type LiveChunk } from '../shared/chunk.ts';
import { createClockOffset } from '../shared/clock-offset.ts';
import { CLOSE, PROTOCOL_VERSION, ToViewerMessage, type VideoConfig, type ViewerMessage } from '../shared/protocol.ts';

/** `ended`: signed out, final. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'ended';

export interface ConnectionOptions {
  /** `wss://…/api/live/watch` */
  readonly url: string;
  onCameras(cameras: readonly Camera[]): void;
  /** How the camera's chunks decode from here on. */
  onConfig(cameraId: string, video: VideoConfig): void;
  onChunk(cameraId: string, chunk: LiveChunk): void;
  onEvent?(cameraId: string, eventId: string): void;
  onState(state: ConnectionState): void;
  /** Asked when a socket did not open: whether there is a session still. Rejects where the server cannot be reached. */
  signedIn(): Promise<boolean>;
  /** Injected by tests. */
  readonly open?: (url: string) => WebSocket;
  readonly now?: () => number;
}

export interface Connection {
  watch(cameraId: string): void;
  leave(cameraId: string): void;
  /** The server's time as this page knows it, ms since 1970. */
  serverNow(): number;
  /** The page came back or the network did: look at once whether the connection lives. */
  check(): void;
  close(): void;
}

const PING_MILLIS = 5000;
/** A ping without any answer for this long: the connection is dead, ms. */
const ANSWER_MILLIS = 4000;
/** Pings at the beginning, so that the clock's offset is good within the first second. */
const FIRST_PINGS_MILLIS = [0, 100, 300, 700];

export function connectViewer(options: ConnectionOptions): Connection {
  const { open = (url) => new WebSocket(url), now = () => Date.now() } = options;
  const backOff = createBackOff(400, 4000);
  const offset = createClockOffset();
  const watched = new Set<string>();
  const cameraOf = new Map<number, string>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let socket: WebSocket | null = null;
  let greeted = false;
  let heardAt = 0;
  let pingedAt = 0;
  let ended = false;

  const later = (millis: number, run: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, millis);
    timers.add(timer);
  };
  const send = (message: ViewerMessage) => {
    if (greeted && socket?.readyState === socket?.OPEN) socket?.send(JSON.stringify(message));
  };
  const ping = () => {
    if (!greeted) return;
    pingedAt = now();
    send({ type: 'ping', sentAt: pingedAt });
  };
  const connect = () => {
    if (ended || socket) return;
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    const mine = open(options.url);
    socket = mine;
    pingedAt = now();
    heardAt = 0;
    mine.binaryType = 'arraybuffer';
    mine.onopen = () => {
      if (socket !== mine) return;
      greeted = true;
      send({ type: 'hello', version: PROTOCOL_VERSION });
      for (const cameraId of watched) send({ type: 'watch', cameraId });
    };
    mine.onmessage = ({ data }) => {
      if (socket === mine) receive(data);
    };
    mine.onclose = ({ code }) => {
      if (socket === mine) lost(code);
    };
  };
  const receive = (data: unknown) => {
    heardAt = now();
    if (data instanceof ArrayBuffer) {
      const chunk = decodeChunk(new Uint8Array(data));
      const cameraId = chunk && cameraOf.get(chunk.channel);
      if (cameraId) options.onChunk(cameraId, chunk);
      return;
    }
    const message = parse(data);
    if (message?.type === 'cameras') {
      if (backOff.failures > 0 || offset.uncertaintyMillis() === Number.POSITIVE_INFINITY)
        for (const millis of FIRST_PINGS_MILLIS) later(millis, ping);
      backOff.reset();
      options.onState('open');
      options.onCameras(message.cameras);
    } else if (message?.type === 'config') {
      cameraOf.set(message.channel, message.cameraId);
      options.onConfig(message.cameraId, message.video);
    } else if (message?.type === 'pong') offset.sample(message.sentAt, now(), message.serverNow);
    else if (message?.type === 'event') options.onEvent?.(message.cameraId, message.eventId);
  };
  const lost = (code: number) => {
    const wasOpen = heardAt > 0;
    socket = null;
    greeted = false;
    cameraOf.clear();
    if (code === CLOSE.sessionEnded) return end();
    options.onState(wasOpen || backOff.failures > 0 ? 'lost' : 'connecting');
    later(backOff.next(), connect);
    if (!wasOpen)
      options.signedIn().then(
        (signedIn) => {
          if (!signedIn && !socket) end();
        },
        () => {},
      );
  };
  const end = () => {
    stop();
    options.onState('ended');
  };
  const stop = () => {
    ended = true;
    clearInterval(pinging);
    for (const timer of timers) clearTimeout(timer);
    const last = socket;
    socket = null;
    greeted = false;
    last?.close();
  };
  const dropIfDead = () => {
    if (!socket || pingedAt <= heardAt || now() - pingedAt < ANSWER_MILLIS) return;
    const dead = socket;
    lost(1006);
    dead.close();
  };
  const pinging = setInterval(() => {
    dropIfDead();
    ping();
  }, PING_MILLIS);

  options.onState('connecting');
  connect();
  return {
    watch(cameraId) {
      if (watched.has(cameraId)) return;
      watched.add(cameraId);
      send({ type: 'watch', cameraId });
    },
    leave(cameraId) {
      if (!watched.delete(cameraId)) return;
      for (const [channel, id] of cameraOf) if (id === cameraId) cameraOf.delete(channel);
      send({ type: 'leave', cameraId });
    },
    serverNow: () => now() + offset.millis(),
    check() {
      if (ended) return;
      if (!socket) return connect();
      ping();
      later(ANSWER_MILLIS, dropIfDead);
    },
    close: stop,
  };
}

function parse(data: unknown): ToViewerMessage | null {
  try {
    const parsed = ToViewerMessage.safeParse(JSON.parse(String(data)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
