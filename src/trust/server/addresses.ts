/** Names and ports enter; the addresses that a person can open leave, and their QR codes. */
import { isIPv4, isIPv6 } from 'node:net';
import { LOCAL_NAME, type ServerNames } from './names.ts';

/** Origins without a slash at their end, best first. */
export interface OpenAddresses {
  /** On this machine. */
  readonly here: readonly string[];
  /** On the local network, for a phone: numbers first, since every phone finds them. */
  readonly network: readonly string[];
}

export interface Ports {
  readonly httpPort: number;
  /** Null: no HTTPS. */
  readonly httpsPort: number | null;
}

/**
 * @param names what the certificate is good for; null: no HTTPS
 * @param host the one address that the ports are open at; undefined: HTTP on loopback, HTTPS everywhere
 */
export function openAddresses(names: ServerNames | null, ports: Ports, host?: string): OpenAddresses {
  const { httpPort, httpsPort } = ports;
  const loopback = isLoopback(host);
  const one = host === undefined || isEverywhere(host) || LOCALHOST.includes(host) ? null : host;
  const here = [originOf('http', one ?? 'localhost', httpPort)];
  if (names === null || httpsPort === null) return { here, network: [] };
  const secure = originOf('https', one ?? 'localhost', httpsPort);
  if (loopback) return { here: [...here, secure], network: [] };
  if (one !== null) return { here, network: [secure] };
  const lan = names.ip.filter((address) => address !== '127.0.0.1' && address !== '::1');
  const own = names.dns.filter((name) => name.endsWith('.local') && name !== LOCAL_NAME);
  const ipv4 = lan.filter((address) => !isIPv6(address));
  const ipv6 = lan.filter((address) => isIPv6(address));
  // The names lead to IPv4 addresses only.
  const hosts = ipv4.length > 0 ? [...ipv4, LOCAL_NAME, ...own, ...ipv6] : [...ipv6, LOCAL_NAME, ...own];
  return { here: [...here, secure], network: hosts.map((name) => originOf('https', name, httpsPort)) };
}

/**
 * The origin that links in letters have where there is no public one: the name on the local network while it leads
 * here, else the first number, else this machine.
 */
export function letterOrigin({ here, network }: OpenAddresses, nameLeadsHere: boolean): string {
  const isName = (origin: string) => new URL(origin).hostname === LOCAL_NAME;
  const byName = nameLeadsHere ? network.find(isName) : undefined;
  return byName ?? network.find((origin) => !isName(origin)) ?? here[0] ?? '';
}

const EVERYWHERE: readonly string[] = ['0.0.0.0', '::'];
const LOCALHOST: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** Whether a HOST is open to this machine alone. */
export function isLoopback(host: string | undefined): boolean {
  return host !== undefined && (LOCALHOST.includes(host) || (isIPv4(host) && host.startsWith('127.')));
}

/** Whether a HOST leaves the ports open on every address. */
export function isEverywhere(host: string | undefined): boolean {
  return host === undefined || EVERYWHERE.includes(host);
}

function originOf(scheme: 'http' | 'https', host: string, port: number): string {
  return new URL(`${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`).origin;
}

/** A QR code as SVG, dark on light, with its quiet zone. */
export async function qrSvg(text: string): Promise<string> {
  const { default: qrcode } = await import('qrcode');
  return qrcode.toString(text, { type: 'svg', margin: 4, errorCorrectionLevel: 'M' });
}

/** A QR code in half-block characters, for a terminal of either colour. */
export async function qrTerminal(text: string): Promise<string> {
  const { default: qrcode } = await import('qrcode');
  return qrcode.toString(text, { type: 'terminal', small: true, errorCorrectionLevel: 'L' });
}
