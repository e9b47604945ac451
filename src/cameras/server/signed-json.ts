/** Requests with JSON bodies enter a scope; their handlers learn which camera signed them, byte for byte. */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../../ports/errors.ts';
import type { App } from '../../server/app-type.ts';
import { type CameraAuthority, requireDigest, requireEmptyBody, type SignedCamera } from './authority.ts';

/** Answers who signed a request of its scope. */
export interface Signers {
  /** Null: nobody signed it. */
  of(request: FastifyRequest): SignedCamera | null;
  /** @throws {ApiError} 401 `signature-invalid` where nobody signed it */
  require(request: FastifyRequest): SignedCamera;
}

/**
 * Makes all routes of `scope` check the signature where a request carries one: before the body is read, and the body
 * against the signed digest before it is parsed.
 * @param scope an encapsulated instance (`app.register`): its JSON parser is replaced
 */
export function checkSignatures(scope: App, authority: CameraAuthority): Signers {
  const signers = new WeakMap<FastifyRequest, SignedCamera>();
  const of = (request: FastifyRequest) => signers.get(request) ?? null;

  scope.addHook('onRequest', async (request) => {
    if (request.headers['signature-input'] === undefined) return;
    const signed = await authority.authorize(request);
    if (!hasBody(request)) requireEmptyBody(signed);
    signers.set(request, signed);
  });
  // Plain text has a parser too, which would pass the digest by.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      const signed = of(request);
      if (signed) requireDigest(signed, createHash('sha256').update(body).digest());
      try {
        return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
      } catch {
        throw new ApiError(400, 'json-malformed', 'The body is not valid JSON.');
      }
    },
  );
  return {
    of,
    require(request) {
      const signed = of(request);
      if (!signed)
        throw new ApiError(401, 'signature-invalid', 'Only a camera may do this: the request is not signed.');
      return signed;
    },
  };
}

/** As RFC 9112 § 6: a body is announced by its length or its coding. */
function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
