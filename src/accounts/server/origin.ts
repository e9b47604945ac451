/** A request enters; it goes on only if no foreign site made the browser send it. */
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../../ports/errors.ts';

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** What of a request tells where it came from. */
export interface Arrival {
  readonly method: string;
  /** `http` or `https`, as the browser sees it. */
  readonly protocol: string;
  /** Host and port that were asked for. */
  readonly host: string;
  readonly headers: { readonly origin?: string | undefined; readonly 'sec-fetch-site'?: string | string[] | undefined };
}

/**
 * Whether a request may change something. A browser names the origin of every such request; ours is the address under
 * which the server was just asked (it has several names), or PUBLIC_URL. Programs that name none pass: no page can
 * make a browser do that.
 */
export function isOwnRequest(request: Arrival, publicUrl: string | undefined): boolean {
  if (SAFE_METHODS.includes(request.method)) return true;
  const { origin } = request.headers;
  if (origin !== undefined) return isOwnOrigin(origin, request, publicUrl);
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** Whether an `Origin` is this server, by the name it was asked under or by PUBLIC_URL. */
export function isOwnOrigin(
  origin: string,
  request: Pick<Arrival, 'protocol' | 'host'>,
  publicUrl: string | undefined,
): boolean {
  return origin === publicUrl || origin === `${request.protocol}://${request.host}`;
}

/** @throws {ApiError} 403 `origin-refused`. */
export function refuseForeignRequest(request: FastifyRequest, publicUrl: string | undefined): void {
  if (!isOwnRequest(request, publicUrl))
    throw new ApiError(403, 'origin-refused', 'This request came from another site. Open the page by its own address.');
}

/** Whether the browser reached this server over TLS, be it through a proxy that ends it. */
export function isSecure(request: Pick<Arrival, 'protocol' | 'host'>, publicUrl: string | undefined): boolean {
  if (request.protocol === 'https') return true;
  if (publicUrl === undefined) return false;
  const own = new URL(publicUrl);
  return own.protocol === 'https:' && own.host === request.host;
}
