/** The head of a WebSocket upgrade enters; whether it comes from a page of this server leaves. */

/**
 * A page elsewhere must not open a viewer's socket with the cookie of whoever looks at it.
 * @param origin `Origin` field; browsers always send it (RFC 6455 § 4.1)
 * @param host `Host` field
 * @param publicUrl the configured address, where a proxy in front has another host name
 */
export function isOwnOrigin(
  origin: string | undefined,
  host: string | undefined,
  publicUrl: string | undefined,
): boolean {
  if (origin === undefined) return false;
  const from = URL.parse(origin);
  if (!from || from.origin === 'null') return false;
  if (publicUrl !== undefined && from.origin === URL.parse(publicUrl)?.origin) return true;
  return host !== undefined && from.host === URL.parse(`${from.protocol}//${host}`)?.host;
}
