/** A route's schema enters; its description in the OpenAPI document leaves: who may ask, and how a camera signs what it sends. */
import type { FastifySchema } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** How a request shows who it is from; a route says `security` where it is not the session alone. */
export const SECURITY_SCHEMES = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'vigie.session_token',
    description:
      'The cookie of who signed in (`POST /api/accounts/sign-in`); over HTTPS its name has the prefix `__Secure-`.',
  },
  camera: {
    type: 'apiKey',
    in: 'header',
    name: 'Signature',
    description:
      'The key of a camera (ECDSA P-256) signs method, path, query and Content-Digest: RFC 9421, in the profile of docs/develop/camera-protocol.md.',
  },
  metrics: { type: 'http', scheme: 'bearer', description: 'METRICS_TOKEN, where one is set.' },
} as const;

const SIGNATURE_FIELDS = {
  'content-digest': {
    type: 'string',
    pattern: '^sha-256=:[A-Za-z0-9+/]{43}=:$',
    description: 'SHA-256 of the body (RFC 9530); that of the empty body where there is none.',
  },
  'signature-input': {
    type: 'string',
    description:
      'vigie=("@method" "@path" "@query" "content-digest");created=SECONDS;keyid="CAMERA-ID";alg="ecdsa-p256-sha256"',
  },
  signature: { type: 'string', description: 'vigie=:BASE64:, 64 bytes r‖s over the signature base.' },
} as const;

type Transform = typeof jsonSchemaTransform;

/** As the type provider's own, and what its schemas cannot say: bodies that are bytes, signature fields, who may ask. */
export const describeRoute: Transform = (document) => {
  const described = jsonSchemaTransform(document);
  const schema = described.schema as FastifySchema & { hide?: boolean };
  if (!document.schema || schema.hide) return described;
  const responses = (schema.response ?? {}) as Record<string, unknown>;
  if (schema.security === undefined && '401' in responses) schema.security = [{ session: [] }];
  const ways = (schema.security ?? []).map((way) => Object.keys(way)[0]);
  if (ways.includes('camera'))
    schema.headers = {
      type: 'object',
      properties: SIGNATURE_FIELDS,
      required: ways.length === 1 ? Object.keys(SIGNATURE_FIELDS) : [],
    };
  // Named by its types alone: bytes, which go to disk as they come.
  if (schema.consumes !== undefined && schema.body === undefined) schema.body = { type: 'string', format: 'binary' };
  return described;
};
