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

/** Interfaces as Node lists them. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Interfaces of containers, virtual machines and tunnels, by their name: no phone at home reaches their addresses. */
const VIRTUAL =
  /^(docker|br-|veth|virbr|lxc|lxd|cni|flannel|podman|vmnet|vbox|vethernet|vmware|tailscale|wg|tun|tap|utun|ppp|zt)/i;

/**
 * What the leaf of this machine names: its loopback, `vigie.local`, its own name and its addresses on private networks.
 * Link-local IPv6 addresses are left out (a URL cannot name their zone), and addresses that are public.
 * @param route address of the default route, to stand first; null: none
 */
export function serverNames(hostname: string, interfaces: Interfaces, route: string | null = null): ServerNames {
  const label = hostLabel(hostname);
  const own = label === null ? [] : [label, `${label}.local`];
  const lan = lanAddresses(interfaces, route).filter(isPrivateAddress);
  return { dns: [...new Set(['localhost', LOCAL_NAME, ...own])], ip: ['127.0.0.1', '::1', ...lan] };
}

/**
 * Addresses by which other machines reach this one, each once, in a stable order: IPv4 first; of these the default
 * route's first, and those of containers and tunnels last.
 */
export function lanAddresses(interfaces: Interfaces, route: string | null = null): string[] {
  const all = Object.entries(interfaces)
    .flatMap(([name, list = []]) => list.map((entry) => ({ ...entry, rank: rankOf(name, entry.address, route) })))
    .filter((entry) => !entry.internal && !(entry.family === 'IPv6' && entry.scopeid !== 0))
    .sort((a, b) => a.rank - b.rank || (a.address < b.address ? -1 : 1));
  const of = (family: 'IPv4' | 'IPv6') => all.filter((entry) => entry.family === family).map(({ address }) => address);
  return [...new Set([...of('IPv4'), ...of('IPv6')])];
}

function rankOf(interfaceName: string, address: string, route: string | null): number {
  if (VIRTUAL.test(interfaceName)) return 2;
  return address === route ? 0 : 1;
}

/** Of one's own addresses, IPv4 and private, those on the network of who asks; where none is, or nobody asks, all of them. */
export function addressesFor(asker: string | undefined, interfaces: Interfaces): string[] {
  const own = lanAddresses(interfaces).filter((address) => isIPv4(address) && isPrivateAddress(address));
  if (asker === undefined) return own;
  const near = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ family, cidr }) => family === 'IPv4' && cidr !== null && contains(cidr, asker))
    .map(({ address }) => address);
  const nearest = own.filter((address) => near.includes(address));
  return nearest.length > 0 ? nearest : own;
}

/** @param cidr such as `192.168.1.20/24` */
function contains(cidr: string, address: string): boolean {
  const [network = '', bits = '32'] = cidr.split('/');
  const subnet = new BlockList();
  subnet.addSubnet(network, Number(bits), 'ipv4');
  return isIPv4(address) && subnet.check(address, 'ipv4');
}
