/** A server's origin, a camera's id and key (JWK), how many events and how many at once enter as arguments; events with photos leave, and how fast they went. */
import { createPrivateKey, sign } from 'node:crypto';
import { Agent, request } from 'node:http';
import {
  type CameraRequest,
  cameraOf,
  freshEventId,
  someFacts,
  somePhoto,
  type Transport,
} from '../../test/kit/camera.ts';

/** Of a photo that a camera of 640×480 sends. */
const PHOTO_BYTES = 30_000;

const [origin = '', cameraId = '', jwk = '{}', events = '1000', atOnce = '32'] = process.argv.slice(2);
const privateKey = createPrivateKey({ key: JSON.parse(jwk), format: 'jwk' });
const key = {
  publicKey: { kty: 'EC', crv: 'P-256', x: '', y: '' } as const,
  sign: async (text: string) =>
    sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64'),
};
const { hostname, port } = new URL(origin);
const agent = new Agent({ keepAlive: true, maxSockets: Number(atOnce) });
const transport: Transport = ({ method, target, body }, headers) =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        method,
        path: target,
        headers: { ...headers, 'content-length': Buffer.byteLength(body ?? '') },
        agent,
      },
      (answer) => {
        answer.resume().once('end', () => resolve({ status: answer.statusCode ?? 0, body: null }));
      },
    );
    outgoing.once('error', reject).end(body);
  });
const camera = cameraOf(transport, key, cameraId);

/** Signed before the clock starts: the sender must not be what is measured. */
interface Signed {
  readonly request: CameraRequest;
  readonly headers: Record<string, string>;
}
async function signed(request: CameraRequest): Promise<Signed> {
  return {
    request,
    headers: { 'content-type': request.type ?? 'application/json', ...(await camera.fieldsFor(request)) },
  };
}
const pairs: (readonly [Signed, Signed])[] = [];
for (let n = 0; n < Number(events); n++) {
  const id = freshEventId();
  const facts = { method: 'PUT', target: `/api/events/${id}`, body: JSON.stringify(someFacts()) };
  const photo = {
    method: 'PUT',
    target: `/api/events/${id}/photo`,
    body: somePhoto(id, PHOTO_BYTES),
    type: 'image/jpeg',
  };
  pairs.push([await signed(facts), await signed(photo)]);
}

const millis: number[] = [];
async function sendSome(): Promise<void> {
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const begun = performance.now();
    for (const { request: one, headers } of pair) {
      const { status } = await transport(one, headers);
      if (status !== 201) throw new Error(`${one.target} was answered with ${status}`);
    }
    millis.push(performance.now() - begun);
  }
}
const begun = performance.now();
await Promise.all(Array.from({ length: Number(atOnce) }, sendSome));
const seconds = (performance.now() - begun) / 1000;
agent.destroy();
console.log(JSON.stringify({ seconds, millis }));
