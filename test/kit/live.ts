/** A server's address enters; cameras and viewers that speak the live protocol from Node leave, without a browser. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { WebSocket } from 'ws';
import type { Camera, PublicKeyJwk } from '../../src/cameras/shared/schema.ts';
import { socketChallenge } from '../../src/cameras/shared/signature.ts';
import { type Connection, type ConnectionState, connectViewer } from '../../src/live/browser/connection.ts';
import type { LiveChunk } from '../../src/live/shared/chunk.ts';
import type { VideoConfig } from '../../src/live/shared/protocol.ts';
import {
  createPublisher,
  type PublishedChunk,
  type Publisher,
  type PublisherState,
} from '../../src/live/worker/publisher.ts';

/** A camera's key, as its browser would hold it. */
export interface CameraKey {
  readonly publicKey: PublicKeyJwk;
  readonly privateKey: KeyObject;
}

export function createCameraKey(): CameraKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return { publicKey: { kty: 'EC', crv: 'P-256', x, y }, privateKey };
}

/** Signature of a challenge, r‖s, base64. */
export function signNonce(key: CameraKey, cameraId: string, nonce: string): string {
  const signed = Buffer.from(socketChallenge(cameraId, nonce));
  return sign('sha256', signed, { key: key.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64');
}

/** A chunk of so many bytes, filled with its number. */
export function testChunk(type: 'key' | 'delta', byteLength: number, fill = 0): PublishedChunk {
  return { type, byteLength, copyTo: (destination) => destination.fill(fill) };
}

export const TEST_VIDEO: VideoConfig = { codec: 'avc1.42001f', codedWidth: 640, codedHeight: 480 };

export interface TestCamera {
  readonly publisher: Publisher;
  readonly states: PublisherState[];
  readonly watched: { readonly viewers: number; readonly key: boolean }[];
  readonly settings: { readonly name: string; readonly streaming: boolean }[];
  /** Bytes that left over its socket so far, handshake and beats included. */
  bytesSent(): number;
}

/** A camera of Vigie's own publisher, over a Node socket. */
export function openTestCamera(origin: string, cameraId: string, key: CameraKey): TestCamera {
  const states: PublisherState[] = [];
  const watched: { viewers: number; key: boolean }[] = [];
  const settings: { name: string; streaming: boolean }[] = [];
  let sent = 0;
  const publisher = createPublisher({
    url: socketUrl(origin, '/api/live/camera'),
    cameraId,
    sign: async (nonce) => signNonce(key, cameraId, nonce),
    onWatched: (viewers, wantsKey) => watched.push({ viewers, key: wantsKey }),
    onSettings: (now, name) => settings.push({ name, streaming: now.streaming }),
    onState: (state) => states.push(state),
    open: (url) => {
      const socket = new WebSocket(url, { perMessageDeflate: false });
      const send = socket.send.bind(socket) as (data: string | Uint8Array) => void;
      const counted = (data: string | Uint8Array) => {
        sent += data.length;
        send(data);
      };
      return Object.assign(socket, { send: counted }) as unknown as globalThis.WebSocket;
    },
  });
  return { publisher, states, watched, settings, bytesSent: () => sent };
}

export interface TestViewer {
  readonly connection: Connection;
  readonly states: ConnectionState[];
  /** The last list. */
  cameras(): readonly Camera[];
  readonly chunks: { readonly cameraId: string; readonly chunk: LiveChunk }[];
  readonly configs: { readonly cameraId: string; readonly video: VideoConfig }[];
  readonly events: { readonly cameraId: string; readonly eventId: string }[];
  bytesReceived(): number;
}

export interface TestViewerOptions {
  readonly cookie?: string;
  /** `Origin` field; left out: the server's own. */
  readonly from?: string;
  signedIn?(): Promise<boolean>;
  onChunk?(cameraId: string, chunk: LiveChunk): void;
}

/** A viewer of Vigie's own connection, over a Node socket. */
export function openTestViewer(origin: string, options: TestViewerOptions = {}): TestViewer {
  const states: ConnectionState[] = [];
  const chunks: { cameraId: string; chunk: LiveChunk }[] = [];
  const configs: { cameraId: string; video: VideoConfig }[] = [];
  const events: { cameraId: string; eventId: string }[] = [];
  let cameras: readonly Camera[] = [];
  let received = 0;
  const connection = connectViewer({
    url: socketUrl(origin, '/api/live/watch'),
    onCameras: (list) => {
      cameras = list;
    },
    onConfig: (cameraId, video) => configs.push({ cameraId, video }),
    onChunk: (cameraId, chunk) =>
      options.onChunk ? options.onChunk(cameraId, chunk) : chunks.push({ cameraId, chunk }),
    onEvent: (cameraId, eventId) => events.push({ cameraId, eventId }),
    onState: (state) => states.push(state),
    signedIn: options.signedIn ?? (async () => true),
    open: (url) => {
      const socket = new WebSocket(url, {
        perMessageDeflate: false,
        origin: options.from ?? origin,
        headers: { cookie: options.cookie ?? '' },
      });
      socket.on('message', (data) => {
        received += (data as Buffer).byteLength;
      });
      socket.on('error', () => {});
      return socket as unknown as globalThis.WebSocket;
    },
  });
  return { connection, states, cameras: () => cameras, chunks, configs, events, bytesReceived: () => received };
}

/** `http://…` → `ws://…` with that path. */
export function socketUrl(origin: string, path: string): string {
  return origin.replace(/^http/, 'ws') + path;
}
