/** A request of a camera enters; the fetch that carries the camera's signature over it leaves (RFC 9421, RFC 9530). */
import {
  contentDigestOf,
  type SignedRequest,
  signatureBase,
  signatureFields,
  socketChallenge,
} from '../shared/signature.ts';

const ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** What a camera signs with. */
export interface CameraCredentials {
  readonly cameraId: string;
  /** ECDSA P-256, usage `sign`, not extractable. */
  readonly privateKey: CryptoKey;
}

/**
 * Sends a request signed by the camera.
 *
 * @param path absolute path with its query, percent-encoded: `/api/events/…/clip/3?last=1`
 * @throws TypeError where the network does not carry it, as `fetch` does; AbortError by `signal`
 */
export async function signedFetch(
  credentials: CameraCredentials,
  method: 'PUT' | 'PATCH' | 'GET',
  path: string,
  body: { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> } | null,
  signal?: AbortSignal,
): Promise<Response> {
  const fields = await signRequest(credentials, method, path, body?.bytes ?? new Uint8Array(0), Date.now());
  return fetch(path, {
    method,
    headers: { ...fields, ...(body && { 'content-type': body.type }) },
    credentials: 'omit',
    cache: 'no-store',
    // A signature holds for one address; whoever sends it elsewhere is not the server.
    redirect: 'error',
    ...(body && { body: body.bytes }),
    ...(signal && { signal }),
  });
}

/** The signature's three request fields. @param nowMillis the camera's clock, ms since 1970 */
export async function signRequest(
  credentials: CameraCredentials,
  method: string,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  nowMillis: number,
): Promise<Record<string, string>> {
  const question = path.indexOf('?');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const request: SignedRequest = {
    method,
    path: question < 0 ? path : path.slice(0, question),
    query: question < 0 ? '?' : path.slice(question),
    contentDigest: contentDigestOf(base64(digest)),
  };
  const parameters = { createdSeconds: Math.floor(nowMillis / 1000), cameraId: credentials.cameraId };
  const text = new TextEncoder().encode(signatureBase(request, parameters));
  const signature = new Uint8Array(await crypto.subtle.sign(ALGORITHM, credentials.privateKey, text));
  return { ...signatureFields(request, parameters, base64(signature)) };
}

/** Answers the nonce of the camera's socket: r‖s in base64. */
export async function signChallenge(credentials: CameraCredentials, nonce: string): Promise<string> {
  const text = new TextEncoder().encode(socketChallenge(credentials.cameraId, nonce));
  return base64(new Uint8Array(await crypto.subtle.sign(ALGORITHM, credentials.privateKey, text)));
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
