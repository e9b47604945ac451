/**
 * The facts of an HTTP request enter; the text that a camera's key signs leaves (HTTP Message Signatures, RFC 9421).
 *
 * Profile: one signature labelled `vigie` over `@method`, `@path`, `@query` and `content-digest`
 * (RFC 9530, sha-256), with `created`, `keyid` (the camera's id) and `alg="ecdsa-p256-sha256"`.
 * A replayed PUT is the same PUT (idempotent, keyed by camera and id), so no nonce is needed;
 * WebSockets answer a fresh challenge instead (`socketChallenge`).
 */

export const SIGNATURE_LABEL = 'vigie';
export const SIGNATURE_ALGORITHM = 'ecdsa-p256-sha256';
const COMPONENTS = ['@method', '@path', '@query', 'content-digest'] as const;

/** What of a request is signed. */
export interface SignedRequest {
  /** Upper case, as in RFC 9110: `PUT`. */
  readonly method: string;
  /** Absolute path, percent-encoded as sent, without the query: `/api/events/…`. */
  readonly path: string;
  /** The query with its leading `?`, or `?` alone where there is none (RFC 9421 § 2.2.7). */
  readonly query: string;
  /** Value of the `Content-Digest` field: `sha-256=:…:`; that of the empty body where there is none. */
  readonly contentDigest: string;
}

/** The parameters that a signature carries beside its components. */
export interface SignatureParameters {
  /** Seconds since 1970, whole, by the camera's clock. */
  readonly createdSeconds: number;
  /** The camera's id, a UUID. */
  readonly cameraId: string;
}

/** Value of `Content-Digest` for a body whose SHA-256 is given in base64 (RFC 9530 § 2). */
export function contentDigestOf(sha256Base64: string): string {
  return `sha-256=:${sha256Base64}:`;
}

/** The inner list and parameters, as they stand in `Signature-Input` behind the label (RFC 9421 § 2.3). */
export function signatureParametersText(parameters: SignatureParameters): string {
  const list = COMPONENTS.map((name) => `"${name}"`).join(' ');
  return `(${list});created=${parameters.createdSeconds};keyid="${parameters.cameraId}";alg="${SIGNATURE_ALGORITHM}"`;
}

/** The signature base: what the key signs, as text to be encoded in UTF-8 (RFC 9421 § 2.5). */
export function signatureBase(request: SignedRequest, parameters: SignatureParameters): string {
  return [
    `"@method": ${request.method}`,
    `"@path": ${request.path}`,
    `"@query": ${request.query}`,
    `"content-digest": ${request.contentDigest}`,
    `"@signature-params": ${signatureParametersText(parameters)}`,
  ].join('\n');
}

/** The three request fields that carry a signature. */
export interface SignatureFields {
  readonly 'content-digest': string;
  readonly 'signature-input': string;
  readonly signature: string;
}

/** Puts a signature (64 bytes r‖s, base64) and its parameters into request fields. */
export function signatureFields(
  request: SignedRequest,
  parameters: SignatureParameters,
  signatureBase64: string,
): SignatureFields {
  return {
    'content-digest': request.contentDigest,
    'signature-input': `${SIGNATURE_LABEL}=${signatureParametersText(parameters)}`,
    signature: `${SIGNATURE_LABEL}=:${signatureBase64}:`,
  };
}

const INPUT =
  /^vigie=\("@method" "@path" "@query" "content-digest"\);created=(\d{1,12});keyid="([0-9a-f-]{36})";alg="ecdsa-p256-sha256"$/;
const VALUE = /^vigie=:([A-Za-z0-9+/]{86}==):$/;

/**
 * Reads the fields of a request. Anything but this profile's exact form is refused: `null`.
 * The caller verifies `signatureBase64` (r‖s) over {@link signatureBase}, and the digest over the body.
 */
export function parseSignatureFields(
  signatureInput: unknown,
  signature: unknown,
): { readonly parameters: SignatureParameters; readonly signatureBase64: string } | null {
  if (typeof signatureInput !== 'string' || typeof signature !== 'string') return null;
  const input = INPUT.exec(signatureInput);
  const value = VALUE.exec(signature);
  if (!input?.[1] || !input[2] || !value?.[1]) return null;
  return {
    parameters: { createdSeconds: Number(input[1]), cameraId: input[2] },
    signatureBase64: value[1],
  };
}

/**
 * The text that a camera signs to open its WebSocket: the server's nonce, bound to use and camera,
 * so that an answer is good for one socket and for nothing else.
 */
export function socketChallenge(cameraId: string, nonce: string): string {
  return `vigie-camera-socket-v1\n${cameraId}\n${nonce}`;
}
