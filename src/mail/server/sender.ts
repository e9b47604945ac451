/** Settings enter; who our messages are from leaves. */
import { hostname } from 'node:os';

export interface Sender {
  /** Shown name; may be empty. */
  readonly name: string;
  readonly address: string;
}

const DEFAULT_NAME = 'Vigie';

/** `Name <address>` or a bare address, checked before (configuration, settings page). */
export function parseSender(text: string): Sender {
  const match = /^(.*)<([^<>]+)>\s*$/s.exec(text);
  if (match === null) return { name: DEFAULT_NAME, address: text.trim() };
  return { name: match[1]?.trim() ?? '', address: match[2]?.trim() ?? '' };
}

/**
 * What was set, else the mail account that we send through (most providers accept nothing else), else an address at
 * the server's own name.
 *
 * @param user user name at the mail server
 * @param host name of this server, as in its address
 */
export function senderOf(set: string | null, user: string | null, host: string | null): Sender {
  if (set !== null) return parseSender(set);
  if (user !== null && /^[^\s@<>]+@[^\s@<>]+$/.test(user)) return { name: DEFAULT_NAME, address: user };
  const domain = [host, hostname().toLowerCase()].find((name) => name !== null && isDomain(name)) ?? 'vigie.local';
  return { name: DEFAULT_NAME, address: `vigie@${domain}` };
}

/** The right side of an address (RFC 5321 § 2.3.5) wants a dot; a machine at home often has none, or only an IP address. */
function isDomain(name: string): boolean {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+$/.test(name);
}

/** The part behind the @. */
export function domainOf(sender: Sender): string {
  return sender.address.slice(sender.address.lastIndexOf('@') + 1);
}
