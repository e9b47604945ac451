/** Settings enter; the real server leaves, run as a child process on free ports with a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../src/server/main.ts', import.meta.url));
/** As `npm start` has them. */
const FLAGS = ['--max-semi-space-size=2'];
const READY_MILLIS = 90_000;
/** Far above what it takes, as its tests say; a machine may be busy elsewhere. */
const STOP_MILLIS = 30_000;

export interface ServerOptions {
  /** Configuration keys of the server, over the kit's own (`PORT`, `HTTPS_PORT`, `DATA_DIR`, `LOG_LEVEL`). */
  readonly env?: Readonly<Record<string, string>>;
  /** HTTP port, for a restart at the same address; left out: a free one. */
  readonly port?: number;
  /** Turns the HTTPS side on, with its local certificate authority. */
  readonly https?: boolean;
  /** Folder of an earlier run; the caller removes it. Left out: a fresh one, removed at `stop`. */
  readonly dataDir?: string;
}

/** A server that answers. */
export interface RunningServer {
  /** Origin without a slash at its end: `http://localhost:40123`. */
  readonly http: string;
  readonly port: number;
  /** Origin of the HTTPS side by loopback name; null: off. */
  readonly https: string | null;
  readonly dataDir: string;
  /** Process id of the server itself. */
  readonly pid: number;
  /** All that it has written so far, both outputs. */
  output(): string;
  /**
   * Ends it as `npm start` is ended (SIGTERM), waits, and removes a folder that the kit made.
   * @throws Error with its output, where it does not end by itself, in peace
   */
  stop(): Promise<void>;
  /** Ends it without warning (SIGKILL) and waits; its folder stays, for a restart on it. */
  kill(): Promise<void>;
}

/** Two TCP ports that nobody listens on at this moment. */
export async function freePorts(): Promise<readonly [number, number]> {
  const probes = [createServer(), createServer()] as const;
  for (const probe of probes) {
    probe.listen(0, '127.0.0.1');
    await once(probe, 'listening');
  }
  const [one, other] = probes.map((probe) => (probe.address() as AddressInfo).port);
  for (const probe of probes) {
    probe.close();
    await once(probe, 'close');
  }
  return [one ?? 0, other ?? 0];
}

/**
 * Starts `src/server/main.ts` and waits until `/readyz` says yes. Where another program takes a port that the kit
 * chose before the server does, it is tried again.
 *
 * @throws Error with the server's output, where it ends or is not ready within a minute and a half.
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  for (let attempt = 1; ; attempt++) {
    const [port, httpsPort] = await freePorts();
    try {
      return await startOnce(options, options.port ?? port, options.https ? httpsPort : 0);
    } catch (error) {
      const [, taken] = /: (\d+) is taken by another program/.exec(String(error)) ?? [];
      if (attempt === 3 || taken === undefined || Number(taken) === options.port) throw error;
    }
  }
}

async function startOnce(options: ServerOptions, port: number, httpsPort: number): Promise<RunningServer> {
  const ownFolder = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'vigie-server-')));
  const child = spawn(process.execPath, [...FLAGS, MAIN], {
    // Not the repository: a developer's own .env is none of the test's.
    cwd: dataDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TZ: process.env.TZ ?? 'UTC',
      PORT: String(port),
      HTTPS_PORT: String(httpsPort),
      DATA_DIR: dataDir,
      LOG_LEVEL: 'info',
      ...options.env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const http = `http://localhost:${port}`;
  try {
    await untilReady(child, http, () => output);
  } catch (error) {
    await end(child, 'SIGKILL');
    if (ownFolder) await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
  return {
    http,
    port,
    https: httpsPort === 0 ? null : `https://localhost:${httpsPort}`,
    dataDir,
    pid: child.pid ?? 0,
    output: () => output,
    async stop() {
      const running = child.exitCode === null && child.signalCode === null;
      await end(child, 'SIGTERM');
      if (ownFolder) await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
      if (running && child.exitCode !== 0)
        throw new Error(`the server was told to end and ended with ${child.exitCode ?? child.signalCode}:\n${output}`);
    },
    kill: () => end(child, 'SIGKILL'),
  };
}

async function untilReady(child: ChildProcess, http: string, output: () => string): Promise<void> {
  const deadline = Date.now() + READY_MILLIS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}:\n${output()}`);
    const ready = await fetch(`${http}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the server was not ready after ${READY_MILLIS} ms:\n${output()}`);
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MILLIS);
  await exited;
  clearTimeout(force);
}
