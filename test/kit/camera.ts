/** A server's address and a session enter; a camera leaves that has its own key and signs all it sends, as the page's does. */
import { createHash, webcrypto } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { PublicKeyJwk } from '../../src/cameras/shared/schema.ts';
import {
  contentDigestOf,
  type SignatureFields,
  signatureBase,
  signatureFields,
} from '../../src/cameras/shared/signature.ts';
import type { EventFacts } from '../../src/events/shared/schema.ts';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** A request that a camera sends. */
export interface CameraRequest {
  readonly method: string;
  /** Path and query: `/api/events/…/clip/0?last=1`. */
  readonly target: string;
  readonly body?: Uint8Array | string;
  readonly type?: string;
}

/** What answers: `fetch` of a listening server, or Fastify's `inject`. */
export type Transport = (request: CameraRequest, headers: Record<string, string>) => Promise<Answer>;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A browser's key, not bound to a camera yet. */
export interface CameraKey {
  readonly publicKey: PublicKeyJwk;
  /** Signs with ECDSA and SHA-256; r‖s in base64. */
  sign(text: string): Promise<string>;
}

/** A registered camera. */
export interface TestCamera extends CameraKey {
  readonly cameraId: string;
  /** The three fields that carry the signature over this request. */
  fieldsFor(request: CameraRequest): Promise<SignatureFields>;
  send(request: CameraRequest): Promise<Answer>;
  /** Sends the facts of an event; `facts` over those of {@link someFacts}. */
  putEvent(eventId: string, facts?: Partial<EventFacts>): Promise<Answer>;
  putPhoto(eventId: string, photo?: Uint8Array): Promise<Answer>;
  putPart(
    eventId: string,
    n: number,
    part: Uint8Array,
    options?: { readonly last?: boolean; readonly type?: string },
  ): Promise<Answer>;
}

/** Makes a P-256 key as the camera's page does. */
export async function createCameraKey(): Promise<CameraKey> {
  const pair = await webcrypto.subtle.generateKey(CURVE, false, ['sign', 'verify']);
  const { x = '', y = '' } = await webcrypto.subtle.exportKey('jwk', pair.publicKey);
  return {
    publicKey: { kty: 'EC', crv: 'P-256', x, y },
    async sign(text) {
      const signature = await webcrypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        pair.privateKey,
        new TextEncoder().encode(text),
      );
      return Buffer.from(signature).toString('base64');
    },
  };
}

/** A transport to a listening server, by its origin: `http://localhost:40123`. */
export function fetchTransport(origin: string): Transport {
  return async ({ method, target, body }, headers) => {
    const answer = await fetch(`${origin}${target}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  };
}

/**
 * Registers a camera under the account whose session cookie this is.
 * @throws Error where the server does not take it
 */
export async function registerCamera(
  transport: Transport,
  session: Readonly<Record<string, string>>,
  name = 'Living room',
  key?: CameraKey,
): Promise<TestCamera> {
  const cameraKey = key ?? (await createCameraKey());
  const body = JSON.stringify({ name, publicKey: cameraKey.publicKey });
  const answer = await transport(
    { method: 'POST', target: '/api/cameras', body },
    { 'content-type': 'application/json', ...session },
  );
  if (answer.status !== 201 && answer.status !== 200)
    throw new Error(`the camera was not registered: ${answer.status} ${JSON.stringify(answer.body)}`);
  return cameraOf(transport, cameraKey, (answer.body as { id: string }).id);
}

/** A camera by its id; it need not exist. */
export function cameraOf(transport: Transport, key: CameraKey, cameraId: string): TestCamera {
  const fieldsFor = async ({ method, target, body }: CameraRequest) => {
    const [path = '', query] = target.split('?');
    const digest = createHash('sha256')
      .update(body ?? '')
      .digest('base64');
    const request = { method, path, query: `?${query ?? ''}`, contentDigest: contentDigestOf(digest) };
    const parameters = { createdSeconds: Math.floor(Date.now() / 1000), cameraId };
    return signatureFields(request, parameters, await key.sign(signatureBase(request, parameters)));
  };
  const send = async (request: CameraRequest) => {
    const type: Record<string, string> =
      request.body === undefined ? {} : { 'content-type': request.type ?? 'application/json' };
    return transport(request, { ...type, ...(await fieldsFor(request)) });
  };
  return {
    ...key,
    cameraId,
    fieldsFor,
    send,
    putEvent: (eventId, facts) =>
      send({ method: 'PUT', target: `/api/events/${eventId}`, body: JSON.stringify(someFacts(facts)) }),
    putPhoto: (eventId, photo = somePhoto(eventId)) =>
      send({ method: 'PUT', target: `/api/events/${eventId}/photo`, body: photo, type: 'image/jpeg' }),
    putPart: (eventId, n, part, { last = false, type = 'video/mp4' } = {}) =>
      send({ method: 'PUT', target: `/api/events/${eventId}/clip/${n}${last ? '?last=1' : ''}`, body: part, type }),
  };
}

/** A fresh event id, as cameras make them. */
export function freshEventId(): string {
  return uuidv7();
}

/** Facts of an intrusion that began just now. */
export function someFacts(facts: Partial<EventFacts> = {}): EventFacts {
  const now = Date.now();
  return {
    version: 1,
    kind: 'intrusion',
    startedAt: now - 100,
    endedAt: null,
    sentAt: now,
    timeZone: 'Europe/Paris',
    score: 0.12,
    reason: { code: 'object', values: { areaRatio: 0.12, ageSeconds: 0.2 } },
    boxes: [[0.25, 0.25, 0.5, 0.5]],
    continues: null,
    ...facts,
  };
}

/** Bytes that begin and end as a JPEG does; `seed` makes them different ones. For a picture that decodes, encode one. */
export function somePhoto(seed = '', bytes = 2000): Uint8Array {
  const filler = Buffer.alloc(Math.max(0, bytes - 6), seed === '' ? 'x' : seed);
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), filler, Buffer.from([0xff, 0xd9])]);
}

/** Bytes that begin as part `n` of a fragmented MP4 does. */
export function somePart(n: number, bytes = 1000): Uint8Array {
  const part = Buffer.alloc(bytes, `part ${n} `);
  part.writeUInt32BE(bytes, 0);
  part.write(n === 0 ? 'ftyp' : 'moof', 4, 'latin1');
  return part;
}
