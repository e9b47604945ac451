/** The server enters, started again and again on one folder; its time to ready and its memory at rest leave. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../test/kit/server.ts';
import { median } from './live/figures.ts';

const STARTS = 7;
const READY_MAX_SECONDS = 2;
const MEMORY_MAX_MB = 200;
const AT_REST_MILLIS = 10_000;

const folder = await mkdtemp(join(tmpdir(), 'vigie-bench-server-'));
try {
  // The first start makes certificates and fills the compile cache.
  await (await startServer({ dataDir: folder, https: true })).stop();
  const seconds: number[] = [];
  const megabytes: number[] = [];
  for (let run = 0; run < STARTS; run++) {
    const began = performance.now();
    const server = await startServer({ dataDir: folder, https: true });
    seconds.push((performance.now() - began) / 1000);
    if (run % 3 === 0) {
      await new Promise((resolve) => setTimeout(resolve, AT_REST_MILLIS));
      megabytes.push(await residentMegabytes(server.pid));
    }
    await server.stop();
  }
  const row = (name: string, values: readonly number[], digits: number) =>
    console.log(
      `| ${name} | ${median(values).toFixed(digits)} | ${Math.min(...values).toFixed(digits)} | ${Math.max(...values).toFixed(digits)} |`,
    );
  console.log(
    `HTTP and HTTPS, SQLite, ${STARTS} starts after a first one. Memory: resident set of all its processes, ${AT_REST_MILLIS / 1000} s after the start; no camera armed, so the mailer is not running.\n`,
  );
  console.log('| | median | least | most |\n|---|--:|--:|--:|');
  row('process started → `/readyz`, s', seconds, 2);
  row('memory at rest, MB', megabytes, 0);
  const reached = median(seconds) <= READY_MAX_SECONDS && median(megabytes) <= MEMORY_MAX_MB;
  console.log(`\nMust be at most ${READY_MAX_SECONDS} s and ${MEMORY_MAX_MB} MB: ${reached ? 'reached' : 'missed'}.`);
  process.exitCode = reached ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Resident set of a process and all below it, MB (Linux, proc(5)). */
async function residentMegabytes(pid: number): Promise<number> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null);
    const parent = stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    if (parent) parents.set(Number(name), Number(parent));
  }
  const isOurs = (id: number): boolean =>
    id === pid || (parents.has(id) && parents.get(id) !== 0 && isOurs(parents.get(id) ?? 0));
  let kilobytes = 0;
  for (const id of [...parents.keys()].filter(isOurs)) {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    kilobytes += Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  }
  return kilobytes / 1024;
}
