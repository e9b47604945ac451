/** A request enters; the camera whose key signed it leaves, or a refusal (RFC 9421, the profile of `shared/signature.ts`). */
import { createHash, webcrypto } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { ApiError } from '../../ports/errors.ts';
import { PublicKeyJwk } from '../shared/schema.ts';
import { contentDigestOf, parseSignatureFields, signatureBase } from '../shared/signature.ts';
import type { CameraChanges } from './changes.ts';

/** A camera that has signed the request at hand. */
export interface SignedCamera {
  readonly cameraId: string;
  readonly accountId: string;
  /** `Content-Digest` that it signed: the body must have it ({@link requireDigest}). */
  readonly contentDigest: string;
}

export interface CameraAuthority {
  /**
   * Verifies the signature over method, path, query and digest; the body is not read yet.
   * @throws {ApiError} 401 `signature-invalid`, 403 `camera-revoked`
   */
  authorize(request: Pick<FastifyRequest, 'method' | 'headers'> & { readonly url: string }): Promise<SignedCamera>;
}

interface KnownKey {
  readonly accountId: string;
  readonly key: webcrypto.CryptoKey;
  readonly revoked: boolean;
  readonly readAt: number;
}

/** How long a key is taken from memory, ms: what another process revoked holds after this long. */
const KEY_FRESH_MILLIS = 5000;
const KEYS_KEPT = 10_000;
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const EMPTY_DIGEST = contentDigestOf(createHash('sha256').update('').digest('base64'));

/** Keeps imported keys in memory; a camera revoked on this server is refused from that moment on. */
export function createCameraAuthority({
  db,
  clock,
  changes,
  onSigned,
}: {
  readonly db: Database;
  readonly clock: Clock;
  readonly changes: CameraChanges;
  /** Told of each request that a camera in use signed: it lives. */
  readonly onSigned?: (cameraId: string, accountId: string) => void;
}): CameraAuthority {
  const keys = new Map<string, KnownKey>();
  changes.on(({ cameraId }) => keys.delete(cameraId));

  const keyOf = async (cameraId: string): Promise<KnownKey | null> => {
    const kept = keys.get(cameraId);
    if (kept && clock.now() - kept.readAt < KEY_FRESH_MILLIS) return kept;
    const row = await db
      .selectFrom('camera')
      .select(['accountId', 'publicKey', 'revokedAt'])
      .where('id', '=', cameraId)
      .executeTakeFirst();
    if (!row) return null;
    const key = kept?.key ?? (await importPublicKey(PublicKeyJwk.parse(JSON.parse(row.publicKey))));
    const known = { accountId: row.accountId, key, revoked: row.revokedAt !== null, readAt: clock.now() };
    if (keys.size >= KEYS_KEPT) keys.clear();
    keys.set(cameraId, known);
    return known;
  };

  return {
    async authorize(request) {
      const fields = parseSignatureFields(request.headers['signature-input'], request.headers.signature);
      const contentDigest = request.headers['content-digest'];
      if (!fields || typeof contentDigest !== 'string') throw signatureInvalid();
      const known = await keyOf(fields.parameters.cameraId);
      if (!known) throw signatureInvalid();
      const [path = '', query = ''] = splitTarget(request.url);
      const base = signatureBase({ method: request.method, path, query, contentDigest }, fields.parameters);
      const signature = Buffer.from(fields.signatureBase64, 'base64');
      const good = await webcrypto.subtle.verify(
        { name: 'ECDSA', hash: 'SHA-256' },
        known.key,
        signature,
        Buffer.from(base),
      );
      if (!good) throw signatureInvalid();
      if (known.revoked)
        throw new ApiError(403, 'camera-revoked', 'The account removed this camera; set it up again to go on.');
      onSigned?.(fields.parameters.cameraId, known.accountId);
      return { cameraId: fields.parameters.cameraId, accountId: known.accountId, contentDigest };
    },
  };
}

/** Imports the public half of a camera's key. Rejects where the point is not on the curve. */
export function importPublicKey(jwk: PublicKeyJwk): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('jwk', jwk, CURVE, false, ['verify']);
}

/** @throws {ApiError} 401 `signature-invalid` where the body is not the one that was signed */
export function requireDigest(signed: SignedCamera, sha256: Buffer): void {
  if (signed.contentDigest !== contentDigestOf(sha256.toString('base64'))) throw signatureInvalid();
}

/** The same for a request without a body. */
export function requireEmptyBody(signed: SignedCamera): void {
  if (signed.contentDigest !== EMPTY_DIGEST) throw signatureInvalid();
}

function signatureInvalid(): ApiError {
  return new ApiError(
    401,
    'signature-invalid',
    'The request is not signed by the key of a camera of this server, or its body is not the signed one.',
  );
}

/** Path and query of a request target, the query with its `?`, `?` alone where there is none (RFC 9421 § 2.2.7). */
function splitTarget(target: string): [string, string] {
  const mark = target.indexOf('?');
  return mark === -1 ? [target, '?'] : [target.slice(0, mark), target.slice(mark)];
}
