/** A server's origin, a camera's id and key (JWK), a kind, a rate and a duration enter as arguments; so many events a second, each with its photo, leave for the server. */
import { createPrivateKey, sign } from 'node:crypto';
import { cameraOf, fetchTransport, freshEventId, somePhoto } from '../../test/kit/camera.ts';

/** Of a photo that a camera of 640×480 sends. */
const PHOTO_BYTES = 30_000;

const [origin = '', cameraId = '', jwk = '{}', kind = '', perSecond = '50', seconds = '10'] = process.argv.slice(2);
/** A gap is stored as an intrusion is, and nobody is mailed about it. */
const facts = kind === 'gap' ? { kind: 'gap' as const, reason: { code: 'no-frames', values: {} } } : {};
const privateKey = createPrivateKey({ key: JSON.parse(jwk), format: 'jwk' });
const key = {
  publicKey: { kty: 'EC', crv: 'P-256', x: '', y: '' } as const,
  sign: async (text: string) =>
    sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64'),
};
const camera = cameraOf(fetchTransport(origin), key, cameraId);
const statuses = new Map<number, number>();
const count = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1);

const begun = performance.now();
const total = Number(perSecond) * Number(seconds);
const underWay: Promise<void>[] = [];
for (let n = 0; n < total; n++) {
  const due = begun + (n * 1000) / Number(perSecond);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  underWay.push(store());
}
await Promise.all(underWay);
console.log(
  JSON.stringify({
    events: total,
    seconds: (performance.now() - begun) / 1000,
    statuses: Object.fromEntries(statuses),
  }),
);

async function store(): Promise<void> {
  const eventId = freshEventId();
  count((await camera.putEvent(eventId, { ...facts, endedAt: Date.now() })).status);
  count((await camera.putPhoto(eventId, somePhoto(eventId, PHOTO_BYTES))).status);
}
