/** The machine's host name and network interfaces enter; what its certificate is good for leaves. */

import { BlockList, isIPv4 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

/** Networks that are nobody's on the internet, as CIDR; a certificate authority of ours speaks for no others. */
export const PRIVATE_NETWORKS = [
  { address: '127.0.0.0', bits: 8 }, // RFC 1122 § 3.2.1.3, loopback
  { address: '10.0.0.0', bits: 8 }, // RFC 1918
  { address: '172.16.0.0', bits: 12 }, // RFC 1918
  { address: '192.168.0.0', bits: 16 }, // RFC 1918
  { address: '169.254.0.0', bits: 16 }, // RFC 3927, link-local
  { address: '100.64.0.0', bits: 10 }, // RFC 6598, shared: home VPNs use it
  { address: '::1', bits: 128 }, // RFC 4291 § 2.5.3, loopback
  { address: 'fc00::', bits: 7 }, // RFC 4193, unique local
  { address: 'fe80::', bits: 10 }, // RFC 4291 § 2.5.6, link-local
] as const;

/** The name that Vigie answers to on the local network (mDNS, RFC 6762). */
export const LOCAL_NAME = 'vigie.local';

/** What a leaf certificate names. */
export interface ServerNames {
  /** DNS names, lower case, `localhost` first. */
  readonly dns: readonly string[];
  /** IP addresses, loopback first. */
  readonly ip: readonly string[];
}

const privateAddresses = new BlockList();
for (const { address, bits } of PRIVATE_NETWORKS)
  privateAddresses.addSubnet(address, bits, isIPv4(address) ? 'ipv4' : 'ipv6');

/** Whether an IP address is of {@link PRIVATE_NETWORKS}. */
export function isPrivateAddress(address: string): boolean {
  return privateAddresses.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** First label of the host name, lower case, where it is a DNS label (RFC 1123 § 2.1); else null. */
export function hostLabel(hostname: string): string | null {
  const label = hostname.toLowerCase().split('.')[0] ?? '';
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label) && label !== 'localhost' ? label : null;
}

/**
 * What the leaf of this machine names: its loopback, `vigie.local`, its own name and its addresses on private networks.
 * Link-local IPv6 addresses are left out (a URL cannot name their zone), and addresses that are public.
 */
export function serverNames(
  hostname: string,
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): ServerNames {
  const label = hostLabel(hostname);
  const own = label === null ? [] : [label, `${label}.local`];
  const lan = lanAddresses(interfaces).filter(isPrivateAddress);
  return { dns: [...new Set(['localhost', LOCAL_NAME, ...own])], ip: ['127.0.0.1', '::1', ...lan] };
}

/** Addresses by which other machines reach this one, IPv4 first, each once, in a stable order. */
export function lanAddresses(
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): string[] {
  const all = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter((entry) => !entry.internal && !(entry.family === 'IPv6' && entry.scopeid !== 0));
  const of = (family: 'IPv4' | 'IPv6') =>
    [...new Set(all.filter((entry) => entry.family === family).map((entry) => entry.address))].sort();
  return [...of('IPv4'), ...of('IPv6')];
}
