/** A reply enters; it leaves with the headers that keep a page to itself: nothing inline, nothing foreign, no frame. */
import type { Config } from './config.ts';

/**
 * Policy of every page: scripts, styles, workers and requests of this server only (CSP level 3). WebAssembly may be
 * compiled, which the detector's kernels need; evaluating text stays forbidden.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer; a route may set a stricter policy of its own. */
export function securityHeaders(config: Pick<Config, 'PUBLIC_URL'>): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    'content-security-policy': PAGE_POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy':
      'camera=(self), microphone=(self), screen-wake-lock=(self), fullscreen=(self), picture-in-picture=(self), geolocation=(), payment=(), usb=(), serial=(), browsing-topics=()',
  };
  const own = config.PUBLIC_URL === undefined ? null : new URL(config.PUBLIC_URL);
  if (own?.protocol === 'https:' && own.port === '') headers['strict-transport-security'] = 'max-age=31536000';
  return headers;
}
