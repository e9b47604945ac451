/** `npm start` enters as a person types it, on a copy of the prepared tree; it serves, and leaves nothing behind however it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePorts } from '../kit/server.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** What `npm start` reads; without the data and the `.env` of whoever develops here. */
const TREE =
  'package.json package-lock.json THIRD-PARTY-NOTICES.md vite.config.ts scripts src messages project.inlang dist'.split(
    ' ',
  );

let root: string;
let started: ChildProcess | null = null;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'vigie-commands-'));
  for (const name of [...TREE, '.cache/messages.json', '.cache/pages.json'])
    cpSync(join(PROJECT, name), join(root, name), { recursive: true });
  for (const kind of ['', '.base', '.browser', '.messages', '.server', '.shared', '.test', '.worker'])
    cpSync(join(PROJECT, `tsconfig${kind}.json`), join(root, `tsconfig${kind}.json`));
  symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'), 'dir');
});
afterEach(() => {
  started?.kill('SIGKILL');
  started = null;
});
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));

const answers = (origin: string) =>
  fetch(`${origin}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Waits until it serves. */
async function npmStart(settings: Readonly<Record<string, string>> = {}) {
  const [port] = await freePorts();
  const npm = spawn('npm', ['start'], {
    cwd: root,
    env: {
      ...process.env,
      NO_COLOR: '1',
      PORT: String(port),
      HTTPS_PORT: '0',
      DATA_DIR: join(root, 'data'),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started = npm;
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (text) => (output += text));
  const origin = `http://localhost:${port}`;
  await vi.waitUntil(
    async () => {
      if (npm.exitCode !== null) throw new Error(`npm ended with ${npm.exitCode}:\n${output}`);
      return answers(origin);
    },
    { timeout: 90_000 },
  );
  return { npm, origin, output: () => output };
}

describe.skipIf(process.platform === 'win32')('npm start', () => {
  it('says where it serves, and ends in peace with the npm that is told to', async () => {
    const { npm, origin, output } = await npmStart();
    expect(output()).toContain(origin);
    const ended = once(npm, 'exit');
    npm.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await answers(origin)).toBe(false);
  });

  it('makes what is missing, also where npm may run no scripts of its own', async () => {
    rmSync(join(root, 'dist'), { recursive: true });
    const { npm, origin, output } = await npmStart({ npm_config_ignore_scripts: 'true' });
    expect(output()).toContain('setup: making the pages');
    expect((await fetch(`${origin}/camera`)).status).toBe(200);
    const ended = once(npm, 'exit');
    npm.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('leaves no server behind where npm is killed', async () => {
    const { npm, origin, output } = await npmStart();
    expect(output()).not.toContain('setup:'); // all was made by the start before
    npm.kill('SIGKILL');
    await vi.waitUntil(async () => !(await answers(origin)));
  });
});
