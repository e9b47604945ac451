import { isIPv4 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { addressesFor, type Interfaces, lanAddresses } from './names.ts';
import { routeAddress } from './route-address.ts';

const ipv4 = (address: string, bits = 24): NetworkInterfaceInfo => ({
  address,
  netmask: '',
  family: 'IPv4',
  mac: '02:00:00:00:00:01',
  internal: false,
  cidr: `${address}/${bits}`,
});
/** A machine with Docker, a VPN and two networks, of which text sorts the wrong ones first. */
const machine: Interfaces = {
  lo: [{ ...ipv4('127.0.0.1', 8), internal: true }],
  'br-1f0c': [ipv4('10.0.0.1', 16)],
  docker0: [ipv4('172.17.0.1', 16)],
  wg0: [ipv4('10.6.0.2')],
  eth0: [ipv4('172.20.0.5')],
  wlan0: [ipv4('192.168.1.20')],
};

describe('the addresses of a machine', () => {
  it("have the default route's first, and those of containers and tunnels last", () => {
    expect(lanAddresses(machine, '192.168.1.20')).toEqual([
      '192.168.1.20',
      '172.20.0.5',
      '10.0.0.1',
      '10.6.0.2',
      '172.17.0.1',
    ]);
  });

  it('have a tunnel last though it takes the default route', () => {
    expect(lanAddresses(machine, '10.6.0.2')[0]).toBe('172.20.0.5');
  });

  it('are one container only inside that container', () => {
    expect(lanAddresses({ eth0: [ipv4('172.17.0.2', 16)] }, '172.17.0.2')).toEqual(['172.17.0.2']);
  });

  it('are for who asks those of the same network', () => {
    expect(addressesFor('192.168.1.77', machine)).toEqual(['192.168.1.20']);
    expect(addressesFor('172.17.3.4', machine)).toEqual(['172.17.0.1']);
    expect(addressesFor('192.168.9.9', machine)).toHaveLength(5);
    expect(addressesFor(undefined, machine)).toHaveLength(5);
  });

  it("have the real default route's among them, where there is one", async () => {
    const route = await routeAddress();
    const own = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
    expect(route === null || (isIPv4(route) && own.includes(route))).toBe(true);
  });
});
