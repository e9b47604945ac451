/** A setting that cannot be, or a port that is taken, enters; the server ends with one line that names it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePorts, MAIN } from '../kit/server.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-refused-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function startAndEnd(settings: Readonly<Record<string, string>>) {
  const env = { PATH: process.env.PATH, HTTPS_PORT: '0', DATA_DIR: join(folder, 'data'), ...settings };
  const child = spawn(process.execPath, [MAIN], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const [status] = await once(child, 'close');
  return { status, lines: said.split('\n').filter(Boolean) };
}

it('names the key, what was given and what is accepted', async () => {
  const { status, lines } = await startAndEnd({ RETENTION_DAYS: 'a month' });
  expect(status).toBe(1);
  expect(lines).toEqual([expect.stringMatching(/^RETENTION_DAYS: .*a month/)]);
});

it('names the port that another program has', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const [free] = await freePorts();
  try {
    for (const [settings, taken] of [
      [{ PORT: String(port) }, port],
      [{ HOST: '127.0.0.1', PORT: String(free), HTTPS_PORT: String(port) }, port],
    ] as const) {
      const { status, lines } = await startAndEnd(settings);
      expect(status).toBe(1);
      expect(lines).toEqual([expect.stringContaining(`${taken} is taken by another program`)]);
    }
  } finally {
    other.close();
  }
});
