/** A camera's public key and its answer to a challenge enter; whether it holds the key leaves. */
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { PublicKeyJwk } from '../../cameras/shared/schema.ts';
import { socketChallenge } from '../../cameras/shared/signature.ts';

const SIGNATURE = /^[A-Za-z0-9+/]{86}==$/;

/** A fresh nonce, 32 random bytes in base64: good for one socket. */
export function freshNonce(): string {
  return randomBytes(32).toString('base64');
}

/**
 * @param publicKey JWK of the camera's P-256 key, JSON as stored
 * @param signature ECDSA with SHA-256, r‖s, base64, over `socketChallenge(cameraId, nonce)`
 */
export function proves(publicKey: string, cameraId: string, nonce: string, signature: string): boolean {
  if (!SIGNATURE.test(signature)) return false;
  const key = createPublicKey({ key: PublicKeyJwk.parse(JSON.parse(publicKey)), format: 'jwk' });
  const signed = Buffer.from(socketChallenge(cameraId, nonce));
  return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64'));
}
