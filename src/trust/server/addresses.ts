/** Names and ports enter; the addresses that a person can open leave, and their QR codes. */
import { isIPv6 } from 'node:net';
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

/** @param names what the certificate is good for; null: no HTTPS. */
export function openAddresses(names: ServerNames | null, ports: Ports): OpenAddresses {
  const here = [originOf('http', 'localhost', ports.httpPort)];
  const { httpsPort } = ports;
  if (names === null || httpsPort === null) return { here, network: [] };
  const lan = names.ip.filter((address) => address !== '127.0.0.1' && address !== '::1');
  const own = names.dns.filter((name) => name.endsWith('.local') && name !== LOCAL_NAME);
  const hosts = [
    ...lan.filter((address) => !isIPv6(address)),
    LOCAL_NAME,
    ...own,
    ...lan.filter((address) => isIPv6(address)),
  ];
  return {
    here: [...here, originOf('https', 'localhost', httpsPort)],
    network: hosts.map((host) => originOf('https', host, httpsPort)),
  };
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
