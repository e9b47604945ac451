/** A server's address enters; Debian's Caddy before it leaves, with the product's own Caddyfile and a certificate of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

const CADDYFILE = join(import.meta.dirname, '../../deploy/Caddyfile');

/** Answers at `https://localhost:port`; browsers must be told to accept its certificate. */
export interface Caddy {
  close(): Promise<void>;
}

/** @throws Error with what Caddy says, where it does not start */
export async function startCaddy(port: number, upstreamPort: number): Promise<Caddy> {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-caddy-'));
  const options = `{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n\tstorage file_system ${folder}\n}\n`;
  const site = (await readFile(CADDYFILE, 'utf8'))
    .replace(/^vigie\.example\.org \{$/m, `localhost:${port} {\n\ttls internal`)
    .replace('127.0.0.1:8080', `127.0.0.1:${upstreamPort}`);
  const file = join(folder, 'Caddyfile');
  await writeFile(file, options + site);
  const child = spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, HOME: folder },
  });
  let log = '';
  child.stderr.on('data', (text) => (log += text));
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await vi.waitFor(
      async () => {
        const socket = connect(port, 'localhost');
        await once(socket, 'connect');
        socket.destroy();
      },
      { timeout: 30_000 },
    );
  } catch (error) {
    await close();
    throw new Error(`Caddy did not start:\n${log}`, { cause: error });
  }
  return { close };
}
