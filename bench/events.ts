/** A camera that sends as fast as it can enters; how many events with photo the server keeps a second leaves, beside what its disk can do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createCameraKey } from '../test/kit/live.ts';
import { signUp } from '../test/kit/person.ts';
import { startServer } from '../test/kit/server.ts';
import { quantile } from './live/figures.ts';

const EVENTS = 2000;
const AT_ONCE = [1, 8, 32, 64];
const BARE_COMMITS = 1000;
/** What a later version must reach; said beside the figure. */
const EVENTS_PER_SECOND = 300;

interface Run {
  readonly atOnce: number;
  readonly perSecond: number;
  readonly millis: readonly number[];
}

const server = await startServer({ env: { LOG_LEVEL: 'error' } });
try {
  const person = await signUp(server.http, 'events@example.org');
  const key = createCameraKey();
  const answer = await fetch(`${server.http}/api/cameras`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.http, cookie: person.session.cookie },
    body: JSON.stringify({ name: 'Events', publicKey: key.publicKey }),
  });
  const { id } = (await answer.json()) as { id: string };
  const jwk = JSON.stringify(key.privateKey.export({ format: 'jwk' }));
  await send(id, jwk, 200, 8);
  const runs: Run[] = [];
  for (const atOnce of AT_ONCE) {
    runs.push(await send(id, jwk, atOnce === 1 ? EVENTS / 4 : EVENTS, atOnce));
    console.error(`${atOnce} at once: ${runs.at(-1)?.perSecond.toFixed(0)} events/s`);
  }
  report(runs);
} finally {
  await server.stop();
}

async function send(cameraId: string, jwk: string, events: number, atOnce: number): Promise<Run> {
  const sender = join(import.meta.dirname, 'events/sender.ts');
  const child = spawn(process.execPath, [sender, server.http, cameraId, jwk, String(events), String(atOnce)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('the sender ended early');
  const { seconds, millis } = JSON.parse(said) as { seconds: number; millis: number[] };
  return { atOnce, perSecond: events / seconds, millis };
}

/** One row a transaction, each with its fsync: what SQLite does here without us. Per second. */
function bareCommits(): number {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-commits-'));
  const db = new DatabaseSync(join(folder, 'bare.sqlite'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE row (n INTEGER PRIMARY KEY, text TEXT)');
  const insert = db.prepare('INSERT INTO row VALUES (?, ?)');
  const begun = performance.now();
  for (let n = 0; n < BARE_COMMITS; n++) insert.run(n, 'x'.repeat(600));
  const perSecond = (BARE_COMMITS * 1000) / (performance.now() - begun);
  db.close();
  rmSync(folder, { recursive: true });
  return perSecond;
}

/** A file of a photo's size written and synced, one after another. Per second. */
function bareFiles(): number {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-files-'));
  const photo = Buffer.alloc(30_000, 'x');
  const begun = performance.now();
  for (let n = 0; n < BARE_COMMITS; n++) {
    const file = openSync(join(folder, String(n)), 'w');
    writeSync(file, photo);
    fdatasyncSync(file);
    closeSync(file);
  }
  const perSecond = (BARE_COMMITS * 1000) / (performance.now() - begun);
  rmSync(folder, { recursive: true });
  return perSecond;
}

function report(runs: readonly Run[]): void {
  const best = Math.max(...runs.map(({ perSecond }) => perSecond));
  const lines = runs.map(
    ({ atOnce, perSecond, millis }) =>
      `| ${atOnce} | ${perSecond.toFixed(0)} | ${quantile(millis, 0.5).toFixed(1)} | ${quantile(millis, 0.95).toFixed(1)} | ${quantile(millis, 0.99).toFixed(1)} |`,
  );
  console.log(`Events stored by the whole server, each acknowledged on disk: facts with their alarm (one transaction), then a photo of 30 kB. The sender runs beside the server on the same machine.

| sent at once | events/s | median, ms | p95 | p99 |
|--:|--:|--:|--:|--:|
${lines.join('\n')}

Beside it, bare, one after another on the same disk: ${bareCommits().toFixed(0)} durable SQLite commits/s, ${bareFiles().toFixed(0)} synced files of 30 kB/s. Best here ${best.toFixed(0)} events/s; the goal of a later version, ${EVENTS_PER_SECOND}, is ${best >= EVENTS_PER_SECOND ? 'reached' : 'not reached'}.`);
}
