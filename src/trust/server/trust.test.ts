import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type NetworkInterfaceInfo, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAuthority, makeLeaf } from './authority.ts';
import { createTrust, type Trust } from './trust.ts';

const DAY = 24 * 60 * 60 * 1000;
const START = Date.UTC(2026, 10, 23);

let dataDir: string;
let now: number;
let lan: string[];
let logged: string[];
const open: Trust[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vigie-trust-'));
  now = START;
  lan = ['192.168.1.20'];
  logged = [];
});
afterEach(() => {
  for (const trust of open.splice(0)) trust.close();
  rmSync(dataDir, { recursive: true });
});

const log = {
  info: (_: object, text: string) => logged.push(text),
  warn: (_: object, text: string) => logged.push(text),
};

async function start(): Promise<Trust> {
  const trust = await createTrust({
    dataDir,
    clock: { now: () => now },
    log,
    hostname: 'Garage.lan',
    interfaces: () => ({ eth0: lan.map((address) => ipv4(address)) }),
  });
  open.push(trust);
  return trust;
}

function ipv4(address: string): NetworkInterfaceInfo {
  return {
    address,
    netmask: '255.255.255.0',
    family: 'IPv4',
    mac: '02:00:00:00:00:01',
    internal: false,
    cidr: `${address}/24`,
  };
}

const leafOf = (trust: Trust) => new X509Certificate(trust.secureContext().cert);

describe('the local authority', () => {
  it('signs a leaf for localhost, vigie.local, the machine and its addresses', async () => {
    const trust = await start();
    const leaf = leafOf(trust);
    for (const name of ['localhost', 'vigie.local', 'garage', 'garage.local']) expect(leaf.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '::1', '192.168.1.20']) expect(leaf.checkIP(address)).toBe(address);
    const authority = new X509Certificate(trust.caPem);
    expect(leaf.verify(authority.publicKey)).toBe(true);
    expect(authority.subject).toContain('Vigie on garage');
    expect(authority.fingerprint256).toBe(trust.caFingerprint);
    expect((leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / DAY).toBeLessThanOrEqual(397);
  });

  it('is accepted by TLS clients that trust it', async () => {
    now = Date.now();
    const trust = await start();
    const answer = await handshake(trust.secureContext(), trust.caPem, 'vigie.local');
    expect(answer).toBe('hello');
    await expect(handshake(trust.secureContext(), undefined, 'vigie.local')).rejects.toThrow(
      /verify|self-signed|issuer/,
    );
  });

  it('cannot speak for names of the internet: clients refuse what it would sign', async () => {
    const today = Date.now();
    const authority = await makeAuthority('garage', today);
    for (const names of [
      { dns: ['bank.example.org'], ip: [] },
      { dns: ['localhost'], ip: ['8.8.8.8'] },
    ]) {
      const leaf = await makeLeaf(authority, names, today);
      await expect(handshake(leaf, authority.cert, names.dns[0] ?? '')).rejects.toThrow(/permitted subtree violation/);
    }
  });

  it('keeps its keys to the owner of the folder', async () => {
    await start();
    for (const name of ['authority.pem', 'leaf.pem'])
      expect(statSync(join(dataDir, 'trust', name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'trust')).mode & 0o777).toBe(0o700);
  });

  it('stays the same over a restart', async () => {
    const first = await start();
    const second = await start();
    expect(second.caPem).toBe(first.caPem);
    expect(second.secureContext()).toEqual(first.secureContext());
  });

  it('makes the leaf again, and says so, when the addresses change', async () => {
    const trust = await start();
    const seen: string[] = [];
    trust.onChange((context) => seen.push(context.cert));
    await trust.check();
    expect(seen).toHaveLength(0);
    lan = ['192.168.1.77'];
    await trust.check();
    expect(seen).toEqual([trust.secureContext().cert]);
    expect(leafOf(trust).checkIP('192.168.1.77')).toBe('192.168.1.77');
    expect(leafOf(trust).checkIP('192.168.1.20')).toBeUndefined();
    expect(trust.names().ip).toContain('192.168.1.77');
  });

  it('makes the leaf again a month before its end', async () => {
    const trust = await start();
    const first = trust.secureContext().cert;
    now += 366 * DAY;
    await trust.check();
    expect(trust.secureContext().cert).not.toBe(first);
    now += 5 * DAY;
    const second = trust.secureContext().cert;
    await trust.check();
    expect(trust.secureContext().cert).toBe(second);
  });

  it('makes a new authority when the old one ends', async () => {
    const first = await start();
    now += 3640 * DAY;
    const second = await start();
    expect(second.caPem).not.toBe(first.caPem);
    expect(logged).toContain('the certificate authority has come to its end: devices must trust the new one');
  });

  it('works on a machine whose clock says 1970', async () => {
    now = 5000;
    const trust = await start();
    expect(leafOf(trust).validToDate.getTime()).toBeGreaterThan(Date.UTC(2027, 0, 1));
  });

  it('puts a broken file aside and goes on', async () => {
    await start();
    const path = join(dataDir, 'trust/leaf.pem');
    writeFileSync(path, 'nonsense');
    const trust = await start();
    expect(leafOf(trust).checkHost('vigie.local')).toBe('vigie.local');
    expect(readFileSync(`${path}.unreadable`, 'utf8')).toBe('nonsense');
    expect(existsSync(path)).toBe(true);
  });

  it('leaves public addresses out: it may not sign for them', async () => {
    lan = ['192.168.1.20', '203.0.113.9'];
    const trust = await start();
    expect(leafOf(trust).checkIP('203.0.113.9')).toBeUndefined();
    expect(leafOf(trust).checkIP('192.168.1.20')).toBe('192.168.1.20');
  });
});

async function handshake(
  context: { key: string; cert: string },
  ca: string | undefined,
  servername: string,
): Promise<string> {
  const server = createServer(context, (_request, reply) => reply.end('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    return await new Promise<string>((resolve, reject) => {
      request(
        { host: '127.0.0.1', port, servername, agent: false, headers: { host: servername }, ...(ca && { ca }) },
        (reply) => {
          reply.setEncoding('utf8').on('data', resolve);
        },
      )
        .on('error', reject)
        .end();
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
