/** Nothing enters; an empty PostgreSQL of the test's own leaves, in a temporary folder, behind a UNIX socket. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres } from '../../scripts/setup/tools.js';

const READY_MILLIS = 60_000;

export interface TestPostgres {
  /** A new, empty database on it: `postgres://…`. */
  freshDatabase(): Promise<string>;
  /** Ends it without a checkpoint, as a power cut does, and starts it again on the same files. */
  crashAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a server; several at once do not meet. As root it runs as the user `postgres`, which initdb insists on.
 * @throws Error that says what to install, where there is none
 */
export async function startPostgres(): Promise<TestPostgres> {
  const bin = programs();
  const folder = mkdtempSync(join(tmpdir(), 'vigie-pg-'));
  const data = join(folder, 'data');
  const asUser = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
  if (asUser.length > 0) must(['chown', 'postgres', folder]);
  else chmodSync(folder, 0o700);
  must([...asUser, join(bin, 'initdb'), '-D', data, '-U', 'vigie', '-A', 'trust', '-E', 'UTF8', '--no-locale', '-N']);

  let server = await start();
  async function start(): Promise<ChildProcess> {
    const [command = '', ...args] = [
      ...asUser,
      join(bin, 'postgres'),
      '-D',
      data,
      '-k',
      folder,
      '-h',
      '',
      '-c',
      'max_connections=60',
      '-c',
      'shared_buffers=16MB',
    ];
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr?.on('data', (text) => (log += text));
    const deadline = Date.now() + READY_MILLIS;
    while (spawnSync(join(bin, 'pg_isready'), ['-h', folder, '-U', 'vigie', '-d', 'postgres', '-q']).status !== 0) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`PostgreSQL did not start:\n${log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return child;
  }
  const signalServer = async (signal: 'INT' | 'QUIT') => {
    const exited = once(server, 'exit');
    // runuser does not pass signals on: the server's own id stands in its pid file.
    must([...asUser, join(bin, 'pg_ctl'), 'stop', '-D', data, '-m', signal === 'INT' ? 'fast' : 'immediate']);
    await exited;
  };
  let made = 0;
  return {
    async freshDatabase() {
      const name = `test${++made}`;
      // Not template1, which a connection that is just ending may still hold.
      must([join(bin, 'createdb'), '-h', folder, '-U', 'vigie', '-T', 'template0', name]);
      return `postgres://vigie@localhost/${name}?host=${encodeURIComponent(folder)}`;
    },
    async crashAndRestart() {
      await signalServer('QUIT');
      server = await start();
    },
    async stop() {
      await signalServer('INT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function programs(): string {
  const found = findPostgres();
  if (found === undefined) throw new Error('This test needs PostgreSQL: on Debian, install the package postgresql.');
  return found;
}

function must([command = '', ...args]: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', cwd: '/' });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${error?.message ?? stderr}`);
}
