import { X509Certificate } from 'node:crypto';
import qrcode from 'qrcode';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../server/app-type.ts';
import { readConfig } from '../../server/config.ts';
import { createApp } from '../../server/http.ts';
import { letterOrigin, openAddresses } from './addresses.ts';
import { type KeyAndCertificate, makeAuthority } from './authority.ts';
import { printAddresses } from './print-addresses.ts';
import { trustRoutes } from './routes.ts';

let authority: KeyAndCertificate;
let trust: { caPem: string; caFingerprint: string };
let app: App;

const names = {
  dns: ['localhost', 'vigie.local', 'garage', 'garage.local'],
  ip: ['127.0.0.1', '::1', '192.168.1.20', 'fd00::20'],
};
const addresses = openAddresses(names, { httpPort: 8080, httpsPort: 8443 });

beforeAll(async () => {
  authority = await makeAuthority('garage', Date.UTC(2026, 10, 23));
  trust = { caPem: authority.cert, caFingerprint: new X509Certificate(authority.cert).fingerprint256 };
});
beforeEach(async () => {
  app = await createApp(readConfig({}, '/nonexistent/.env'), false);
});
afterEach(() => app.close());

describe('addresses', () => {
  it('puts numbers before names: every phone finds them', () => {
    expect(addresses).toEqual({
      here: ['http://localhost:8080', 'https://localhost:8443'],
      network: [
        'https://192.168.1.20:8443',
        'https://vigie.local:8443',
        'https://garage.local:8443',
        'https://[fd00::20]:8443',
      ],
    });
  });

  it('leaves out the usual port', () => {
    expect(openAddresses(names, { httpPort: 80, httpsPort: 443 }).network[0]).toBe('https://192.168.1.20');
  });

  it('has the IPv6 number before the name where no private IPv4 address stands behind it', () => {
    const onlyIpv6 = { ...names, ip: ['127.0.0.1', '::1', 'fd00::2'] };
    expect(openAddresses(onlyIpv6, { httpPort: 80, httpsPort: 443 }).network.slice(0, 2)).toEqual([
      'https://[fd00::2]',
      'https://vigie.local',
    ]);
  });

  const ports = { httpPort: 8080, httpsPort: 8443 };

  it.each([
    ['127.0.0.1', { here: ['http://localhost:8080', 'https://localhost:8443'], network: [] }],
    ['localhost', { here: ['http://localhost:8080', 'https://localhost:8443'], network: [] }],
    ['127.0.0.5', { here: ['http://127.0.0.5:8080', 'https://127.0.0.5:8443'], network: [] }],
    ['192.168.1.20', { here: ['http://192.168.1.20:8080'], network: ['https://192.168.1.20:8443'] }],
    ['fd00::20', { here: ['http://[fd00::20]:8080'], network: ['https://[fd00::20]:8443'] }],
    ['0.0.0.0', addresses],
    ['::', addresses],
  ])('names with HOST=%s only what is open', (host, expected) => {
    expect(openAddresses(names, ports, host)).toEqual(expected);
  });

  it('gives letters the name while it leads here, else a number, else this machine', () => {
    expect(letterOrigin(addresses, true)).toBe('https://vigie.local:8443');
    expect(letterOrigin(addresses, false)).toBe('https://192.168.1.20:8443');
    expect(letterOrigin(openAddresses(names, ports, '127.0.0.1'), true)).toBe('http://localhost:8080');
    expect(letterOrigin(openAddresses(names, ports, '192.168.1.20'), true)).toBe('https://192.168.1.20:8443');
    expect(letterOrigin(openAddresses(null, { httpPort: 8080, httpsPort: null }), true)).toBe('http://localhost:8080');
  });

  it('has none on the network without HTTPS', () => {
    expect(openAddresses(null, { httpPort: 8080, httpsPort: null })).toEqual({
      here: ['http://localhost:8080'],
      network: [],
    });
  });
});

describe('trust routes', () => {
  it('gives the certificate in the form that systems install, and never the key', async () => {
    trustRoutes(app, { trust, addresses: () => addresses });
    const answer = await app.inject('/trust/ca.crt');
    expect(answer.headers['content-type']).toBe('application/x-x509-ca-cert');
    expect(new X509Certificate(answer.body).ca).toBe(true);
    expect(answer.body).not.toContain('PRIVATE');
  });

  it('gives Apple a profile that holds the same certificate', async () => {
    trustRoutes(app, { trust, addresses: () => addresses });
    const answer = await app.inject('/trust/ca.mobileconfig');
    expect(answer.headers['content-type']).toBe('application/x-apple-aspen-config');
    const data = /<data>([^<]+)<\/data>/.exec(answer.body)?.[1] ?? '';
    expect(new X509Certificate(Buffer.from(data, 'base64')).fingerprint256).toBe(trust.caFingerprint);
    expect(answer.body).toContain('com.apple.security.root');
    expect((await app.inject('/trust/ca.mobileconfig')).body).toBe(answer.body);
  });

  it('says the addresses and the fingerprint', async () => {
    trustRoutes(app, { trust, addresses: () => addresses });
    expect((await app.inject('/api/trust')).json()).toEqual({
      authority: true,
      fingerprint: trust.caFingerprint,
      addresses: addresses.network,
    });
  });

  it('draws the QR code of its own addresses only', async () => {
    trustRoutes(app, { trust, addresses: () => addresses });
    const own = await app.inject({
      url: '/trust/qr.svg',
      query: { address: 'https://vigie.local:8443', page: '/camera' },
    });
    expect(own.headers['content-type']).toBe('image/svg+xml');
    expect(own.body).toBe(
      await qrcode.toString('https://vigie.local:8443/camera', { type: 'svg', margin: 4, errorCorrectionLevel: 'M' }),
    );
    const foreign = await app.inject({ url: '/trust/qr.svg', query: { address: 'https://evil.example' } });
    expect(foreign.statusCode).toBe(404);
    expect(foreign.json().error.code).toBe('address-unknown');
    expect((await app.inject('/trust/qr.svg?page=//evil.example')).statusCode).toBe(400);
  });

  it('has nothing to trust behind a proxy that has the certificate', async () => {
    trustRoutes(app, {
      trust: null,
      addresses: () => openAddresses(null, { httpPort: 8080, httpsPort: null }),
      publicUrl: 'https://vigie.example.org',
    });
    expect((await app.inject('/trust/ca.crt')).json().error.code).toBe('authority-none');
    expect((await app.inject('/api/trust')).json()).toEqual({
      authority: false,
      fingerprint: null,
      addresses: ['https://vigie.example.org'],
    });
  });
});

describe('the terminal', () => {
  const printed = async (isTTY: boolean, publicUrl?: string) => {
    let text = '';
    await printAddresses(
      { addresses, caFingerprint: trust.caFingerprint, publicUrl },
      { isTTY, write: (part: string) => (text += part) },
    );
    return text;
  };

  it('shows every address, and the one for a phone', async () => {
    const text = await printed(false);
    for (const address of ['http://localhost:8080', ...addresses.network]) expect(text).toContain(address);
    expect(text).toContain('open https://192.168.1.20:8443/trust on it.');
    expect(text).toContain(trust.caFingerprint);
    expect(text).not.toContain('█');
  });

  it('shows a QR code where there is a terminal', async () => {
    expect(await printed(true)).toMatch(/[█▀▄]/);
  });

  it('sends phones to the public address where there is one', async () => {
    expect(await printed(false, 'https://vigie.example.org')).toContain('https://vigie.example.org/trust');
  });
});
