import { expect, test } from 'vitest';
import { parseSignatureFields, signatureBase } from '../shared/signature.ts';
import { signChallenge, signRequest } from './signed-request.ts';

const cameraId = '0197b3a0-0000-7000-8000-000000000001';
const pair = () => crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

test('a signed part verifies with the public key, and with no other path, query or body', async () => {
  const { privateKey, publicKey } = await pair();
  const body = new TextEncoder().encode('part');
  const fields = await signRequest(
    { cameraId, privateKey },
    'PUT',
    '/api/events/x/clip/3?last=1',
    body,
    1_800_000_000_999,
  );
  const parsed = parseSignatureFields(fields['signature-input'], fields.signature);
  expect(parsed?.parameters).toEqual({ createdSeconds: 1_800_000_000, cameraId });
  const verify = async (query: string, contentDigest: string) =>
    crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      publicKey,
      bytesOf(parsed?.signatureBase64 ?? ''),
      new TextEncoder().encode(
        signatureBase(
          { method: 'PUT', path: '/api/events/x/clip/3', query, contentDigest },
          { createdSeconds: 1_800_000_000, cameraId },
        ),
      ),
    );
  const digest = fields['content-digest'] ?? '';
  expect(digest).toMatch(/^sha-256=:[A-Za-z0-9+/]{43}=:$/);
  expect(await verify('?last=1', digest)).toBe(true);
  expect(await verify('?last=0', digest)).toBe(false);
  expect(await verify('?last=1', digest.replace(/:./, ':!'))).toBe(false);
});

test('the answer to a socket challenge is bound to camera and nonce', async () => {
  const { privateKey, publicKey } = await pair();
  const answer = bytesOf(await signChallenge({ cameraId, privateKey }, 'n1'));
  const check = (text: string) =>
    crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, answer, new TextEncoder().encode(text));
  expect(await check(`vigie-camera-socket-v1\n${cameraId}\nn1`)).toBe(true);
  expect(await check(`vigie-camera-socket-v1\n${cameraId}\nn2`)).toBe(false);
});
