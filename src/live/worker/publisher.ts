/** A camera's states and encoded chunks enter; while somebody watches, they leave over one WebSocket that always comes back. */
import type { Beat } from '../../cameras/shared/presence.ts';
import { BEAT_MILLIS } from '../../cameras/shared/presence.ts';
import type { CameraSettings } from '../../cameras/shared/schema.ts';
import { createBackOff } from '../shared/back-off.ts';
import { beginFrame, CHUNK_HEADER_BYTES } from '../shared/chunk.ts';
import { createClockOffset } from '../shared/clock-offset.ts';
import {
  type CameraMessage,
  CLOSE,
  JPEG_CODEC,
  PROTOCOL_VERSION,
  ToCameraMessage,
  type VideoConfig,
} from '../shared/protocol.ts';
import { createUplink } from './uplink.ts';

/**
 * `connecting` · `ready`: proven, beats are answered · `waiting`: the connection is lost, it tries again ·
 * `unreachable`: several tries never opened (no network, or a browser that refuses this server's certificate
 * for WebSockets); events still go by HTTPS · `replaced`: another page of this camera took over ·
 * `refused`: the camera was revoked or is unknown, final.
 */
export type PublisherState = 'connecting' | 'ready' | 'waiting' | 'unreachable' | 'replaced' | 'refused';

export interface PublisherOptions {
  /** `wss://…/api/live/camera` */
  readonly url: string;
  readonly cameraId: string;
  /** Signs `socketChallenge(cameraId, nonce)` with the camera's key; r‖s in base64. */
  sign(nonce: string): Promise<string>;
  /** How many watch now: publish from 1 on, stop at 0. `key`: the next chunk must be a key chunk. */
  onWatched(viewers: number, key: boolean): void;
  /** Name and settings as the server has them: on connecting and when they were changed elsewhere. */
  onSettings(settings: CameraSettings, name: string): void;
  onReady?(): void;
  onState?(state: PublisherState): void;
  /** Opens a socket; injected by tests. */
  readonly open?: (url: string) => WebSocket;
  /** Ms since 1970; injected by tests. */
  readonly now?: () => number;
}

/** What an encoder gives: an EncodedVideoChunk, or a JPEG as a key chunk. */
export interface PublishedChunk {
  readonly type: 'key' | 'delta';
  readonly byteLength: number;
  copyTo(destination: Uint8Array): void;
  /** 0..3; a slow viewer loses the highest first. */
  readonly temporalLayer?: number;
}

export interface Publisher {
  /** What the camera says of itself: sent at once when it changed, and every five seconds. */
  beat(beat: Beat): void;
  /** How chunks decode from here on; `codec: 'jpeg'` where each is a JPEG. The next chunk must be a key chunk. */
  config(video: VideoConfig): void;
  /**
   * Sends a chunk where somebody watches and the uplink has room; else drops up to the next key chunk.
   * @param captureTimeMicros microseconds since 1970 by this machine's clock
   * @returns whether it was sent
   */
  chunk(chunk: PublishedChunk, captureTimeMicros: number): boolean;
  readonly viewers: number;
  /** The server's clock minus this machine's, ms. */
  serverOffsetMillis(): number;
  close(): void;
}

/** Tries that never opened before it is called unreachable. */
const UNREACHABLE_FAILURES = 4;
/** No answer for longer than this: the connection is dead, ms. */
const SILENCE_MILLIS = 11_000;
/** A machine that slept finds out sooner, ms. */
const WOKEN_MILLIS = 3000;
/** Another page took over: look again after this, ms. */
const REPLACED_MILLIS = 30_000;

/** Begins to connect at once. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { now = () => Date.now(), open = (url) => new WebSocket(url) } = options;
  const backOff = createBackOff(500, 10_000);
  const offset = createClockOffset();
  const uplink = createUplink();
  let socket: WebSocket | null = null;
  let ready = false;
  let state: PublisherState | null = null;
  let heardAt = 0;
  let viewers = 0;
  let lastBeat: Beat = { state: 'idle', motion: false, streaming: false, queued: 0 };
  let lastConfig: VideoConfig | null = null;
  let sequence = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const enter = (next: PublisherState) => {
    if (state === next) return;
    state = next;
    options.onState?.(next);
  };
  const send = (message: CameraMessage) => socket?.send(JSON.stringify(message));
  const sendBeat = () => {
    if (ready) send({ type: 'beat', sentAt: now(), ...lastBeat });
  };
  const sendConfig = () => {
    if (ready && lastConfig) send({ type: 'config', rung: 0, video: lastConfig });
  };
  const watched = (count: number, key: boolean) => {
    viewers = count;
    if (key) uplink.restart();
    options.onWatched(count, key);
  };

  const connect = () => {
    clearTimeout(retry);
    if (state !== 'unreachable') enter('connecting');
    const mine = open(options.url);
    socket = mine;
    heardAt = now();
    mine.binaryType = 'arraybuffer';
    mine.onopen = () => send({ type: 'hello', version: PROTOCOL_VERSION, cameraId: options.cameraId });
    mine.onmessage = ({ data }) => {
      if (socket === mine) receive(String(data), mine);
    };
    mine.onclose = ({ code }) => {
      if (socket === mine) lost(code);
    };
  };
  const receive = (text: string, from: WebSocket) => {
    heardAt = now();
    const parsed = ToCameraMessage.safeParse(jsonOf(text));
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.type === 'challenge') void answer(message.nonce, from);
    else if (message.type === 'ready') {
      ready = true;
      backOff.reset();
      sendConfig();
      sendBeat();
      enter('ready');
      options.onSettings(message.settings, message.name);
      options.onReady?.();
    } else if (message.type === 'beat') offset.sample(message.sentAt, now(), message.serverNow);
    else if (message.type === 'watched') watched(message.viewers, message.key);
    else if (message.type === 'settings') options.onSettings(message.settings, message.name);
  };
  const answer = async (nonce: string, to: WebSocket) => {
    const signature = await options.sign(nonce).catch(() => null);
    if (signature === null) to.close();
    else if (socket === to && to.readyState === to.OPEN) send({ type: 'proof', signature });
  };
  const lost = (code: number) => {
    socket = null;
    ready = false;
    if (viewers > 0) watched(0, false);
    if (code === CLOSE.revoked || code === CLOSE.signatureInvalid) return enter('refused');
    const pause = code === CLOSE.replaced ? REPLACED_MILLIS : backOff.next();
    enter(code === CLOSE.replaced ? 'replaced' : backOff.failures >= UNREACHABLE_FAILURES ? 'unreachable' : 'waiting');
    retry = setTimeout(connect, pause);
  };
  const drop = () => {
    const dead = socket;
    if (!dead) return;
    lost(1006);
    dead.onclose = null;
    dead.close();
  };
  let tickedAt = now();
  let waking: ReturnType<typeof setTimeout> | undefined;
  const beating = setInterval(() => {
    const slept = now() - tickedAt > 3 * BEAT_MILLIS;
    tickedAt = now();
    if (slept) wake();
    else if (socket && now() - heardAt > SILENCE_MILLIS) drop();
    else sendBeat();
  }, BEAT_MILLIS);
  /** The connection may have died in the meantime, or live on: a beat tells. */
  const wake = () => {
    if (!socket) return onOnline();
    const asked = now();
    sendBeat();
    clearTimeout(waking);
    waking = setTimeout(() => {
      if (heardAt < asked) drop();
    }, WOKEN_MILLIS);
  };
  const onOnline = () => {
    if (!socket && state !== 'refused') connect();
  };
  globalThis.addEventListener?.('online', onOnline);
  connect();

  return {
    beat(beat) {
      const changed = (Object.keys(beat) as (keyof Beat)[]).some((key) => beat[key] !== lastBeat[key]);
      lastBeat = { state: beat.state, motion: beat.motion, streaming: beat.streaming, queued: beat.queued };
      if (changed) sendBeat();
    },
    config({ codec, codedWidth, codedHeight, description }) {
      lastConfig = { codec, codedWidth, codedHeight, ...(description === undefined ? {} : { description }) };
      uplink.restart();
      sendConfig();
    },
    chunk(chunk, captureTimeMicros) {
      if (!ready || viewers === 0 || !socket || !lastConfig) return false;
      const verdict = uplink.offer(chunk.type === 'key', socket.bufferedAmount);
      if (verdict === 'drained') options.onWatched(viewers, true);
      if (verdict !== 'send') return false;
      const header = {
        key: chunk.type === 'key',
        jpeg: lastConfig.codec === JPEG_CODEC,
        temporalLayer: chunk.temporalLayer ?? 0,
        channel: 0,
        sequence: sequence++,
        captureTimeMicros: captureTimeMicros + offset.millis() * 1000,
      };
      const frame = beginFrame(header, chunk.byteLength);
      chunk.copyTo(frame.subarray(CHUNK_HEADER_BYTES));
      socket.send(frame);
      return true;
    },
    get viewers() {
      return viewers;
    },
    serverOffsetMillis: offset.millis,
    close() {
      clearInterval(beating);
      clearTimeout(retry);
      clearTimeout(waking);
      globalThis.removeEventListener?.('online', onOnline);
      const last = socket;
      socket = null;
      ready = false;
      last?.close();
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
