/** What strangers and engines do to a running server enters; the same process goes on, and answers. */
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { holdable } from '../kit/held-database.ts';
import { startPostgres } from '../kit/postgres.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function running(env: Record<string, string> = {}): Promise<RunningServer> {
  const server = await startServer({ env });
  ends.push(() => server.stop());
  return server;
}

/** A server whose PostgreSQL has stopped answering, and what lets it answer again. */
async function hanging() {
  const postgres = await startPostgres();
  ends.push(() => postgres.stop());
  const held = await holdable(await postgres.freshDatabase());
  ends.push(held.close);
  const server = await running({ DATABASE_URL: held.url });
  held.hold();
  return { server, release: held.release };
}

it.each(['/api/live/camera', '/api/live/watch', '/api/none'])(
  'a connection that asks for %s and is reset at once ends nothing but itself',
  async (path) => {
    const server = await running();
    const { port, host } = new URL(server.http);
    const upgrade = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
    for (let n = 0; n < 100; n++) {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
      await once(socket, 'connect');
      const closed = once(socket, 'close');
      socket.write(upgrade, () => socket.resetAndDestroy());
      await closed;
    }
    expect((await fetch(`${server.http}/healthz`)).ok).toBe(true);
    expect(server.output()).not.toContain('TypeError');
  },
);

it('keeps what it writes from others, in a folder that they may enter', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vigie-open-'));
  ends.push(async () => rmSync(dataDir, { recursive: true, force: true }));
  chmodSync(dataDir, 0o755);
  const server = await startServer({ dataDir, https: true });
  ends.push(() => server.stop());
  const readable = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter(
    (name) => statSync(join(dataDir, name)).mode & 0o077,
  );
  expect(readdirSync(dataDir)).toContain('vigie.sqlite-wal');
  expect(readable).toEqual([]);
  // Also what it will write later.
  if (process.platform === 'linux')
    expect(readFileSync(`/proc/${server.pid}/status`, 'utf8')).toMatch(/^Umask:\s*0077$/m);
});

it('with PostgreSQL that hangs the server lives and says that it is not ready, and is when it answers again', async () => {
  const { server, release } = await hanging();
  expect((await fetch(`${server.http}/readyz`)).status).toBe(503);
  expect((await fetch(`${server.http}/healthz`)).status).toBe(200);
  release();
  await vi.waitUntil(async () => (await fetch(`${server.http}/readyz`)).ok, { timeout: 20_000, interval: 50 });
});

it('told twice to end, a server whose engine hangs ends at once', async () => {
  const { server } = await hanging();
  await fetch(`${server.http}/readyz`);
  const isGone = () => {
    try {
      return !process.kill(server.pid, 'SIGTERM');
    } catch {
      return true;
    }
  };
  expect(await vi.waitUntil(isGone, { timeout: 6_000, interval: 200 })).toBe(true);
});
