/** A browser that trusts the authority of a real server opens it by HTTPS as a secure page; one that does not, does not. */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

let server: RunningServer;
let port: number;
let home: string;

beforeAll(async () => {
  server = await startServer({ https: true });
  port = Number(new URL(server.https ?? '').port);
  home = mkdtempSync(join(tmpdir(), 'vigie-home-'));
});
afterAll(async () => {
  await server?.stop();
  if (home) rmSync(home, { recursive: true, force: true });
});

/** Chromium on Linux trusts what the NSS database of the home folder says. */
async function trustAuthority(): Promise<void> {
  const answer = await fetch(`${server.http}/trust/ca.crt`);
  expect(answer.status).toBe(200);
  const database = join(home, '.pki/nssdb');
  mkdirSync(database, { recursive: true });
  writeFileSync(join(home, 'vigie.crt'), await answer.text());
  const certutil = (...args: string[]) => execFileSync('certutil', ['-d', `sql:${database}`, ...args]);
  certutil('-N', '--empty-password');
  certutil('-A', '-t', 'C,,', '-n', 'vigie', '-i', join(home, 'vigie.crt'));
}

describe('HTTPS with the local authority', () => {
  it('is refused by a browser that does not know it', async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await expect(page.goto(`${server.https}/`)).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/);
    } finally {
      await browser.close();
    }
  });

  it('is a secure page with a camera, by name and by number, once it is trusted', async () => {
    await trustAuthority();
    const browser = await openBrowser({ home, args: ['--host-resolver-rules=MAP vigie.local 127.0.0.1'] });
    try {
      const page = await browser.newPage();
      for (const host of ['localhost', '127.0.0.1', 'vigie.local']) {
        await page.goto(`https://${host}:${port}/trust`);
        const found = await page.evaluate(async () => {
          const track = (await navigator.mediaDevices.getUserMedia({ video: true })).getVideoTracks()[0];
          return { secure: isSecureContext, serviceWorker: 'serviceWorker' in navigator, camera: track?.readyState };
        });
        expect(found).toEqual({ secure: true, serviceWorker: true, camera: 'live' });
      }
    } finally {
      await browser.close();
    }
  });

  it('shows a leaf of the authority that it keeps in DATA_DIR', async () => {
    const authority = new X509Certificate(readFileSync(join(server.dataDir, 'trust/authority.pem')));
    const shown = await new Promise<X509Certificate | undefined>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, servername: 'vigie.local', ca: authority.toString() };
      const socket = connect(options, () => {
        resolve(socket.getPeerX509Certificate());
        socket.end();
      });
      socket.on('error', reject);
    });
    expect(shown?.checkIssued(authority)).toBe(true);
  });
});
