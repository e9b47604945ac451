/** Four cameras and eight viewers in Node on a real server enter; by how much stored events delay their frames leaves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createCameraKey, openTestCamera, openTestViewer, TEST_VIDEO, type TestCamera } from '../test/kit/live.ts';
import { type Person, signUp } from '../test/kit/person.ts';
import { startServer } from '../test/kit/server.ts';
import { median, quantile } from './live/figures.ts';

const CAMERAS = 4;
const VIEWERS_EACH = 2;
const FRAMES_PER_SECOND = 30;
/** 1 Mbit/s; a key chunk every two seconds is six times as large. */
const CHUNK_BYTES = 3700;
const EVENTS_PER_SECOND = 50;
const WINDOW_SECONDS = 10;
const ROUNDS = 4;
/** What must be reached, ms. */
const ADDED_P99_MAX = 5;

const server = await startServer({ env: { LOG_LEVEL: 'error' } });
try {
  const person = await signUp(server.http, 'load@example.org');
  const delays: number[] = [];
  const stop = await publishAndWatch(person, delays);
  const storming = await register(person, 'Events', false);
  const alone: number[][] = [];
  const loaded: number[][] = [];
  await measure(delays, 3);
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(await measure(delays, WINDOW_SECONDS));
    const storm = storms(storming);
    await measure(delays, 1);
    loaded.push(await measure(delays, WINDOW_SECONDS));
    console.error(`round ${round + 1} of ${ROUNDS}: ${await storm}`);
  }
  stop();
  report(alone, loaded);
} finally {
  await server.stop();
}

/** Delays of the frames of the next seconds, ms. */
async function measure(delays: number[], seconds: number): Promise<number[]> {
  delays.length = 0;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return [...delays];
}

async function register(person: Person, name: string, streaming: boolean) {
  const key = createCameraKey();
  const answer = await fetch(`${server.http}/api/cameras`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.http, cookie: person.session.cookie },
    body: JSON.stringify({ name, publicKey: key.publicKey, settings: { streaming } }),
  });
  const { id } = (await answer.json()) as { id: string };
  return { id, key };
}

/** Every frame says in its first eight bytes when it left. */
async function publishAndWatch(person: Person, delays: number[]): Promise<() => void> {
  const cameras: TestCamera[] = [];
  const ids: string[] = [];
  for (let n = 0; n < CAMERAS; n++) {
    const { id, key } = await register(person, `Camera ${n + 1}`, true);
    const camera = openTestCamera(server.http, id, key);
    camera.publisher.config(TEST_VIDEO);
    camera.publisher.beat({ state: 'watching', motion: false, streaming: true, queued: 0 });
    cameras.push(camera);
    ids.push(id);
  }
  const onChunk = (_cameraId: string, { data }: { readonly data: Uint8Array }) => {
    delays.push(performance.now() - new DataView(data.buffer, data.byteOffset).getFloat64(0));
  };
  const viewers = Array.from({ length: CAMERAS * VIEWERS_EACH }, (_, n) => {
    const viewer = openTestViewer(server.http, { cookie: person.session.cookie, onChunk });
    viewer.connection.watch(ids[n % CAMERAS] ?? '');
    return viewer;
  });
  let frame = 0;
  const timer = setInterval(() => {
    const key = frame++ % (2 * FRAMES_PER_SECOND) === 0;
    for (const { publisher } of cameras)
      publisher.chunk(
        {
          type: key ? 'key' : 'delta',
          byteLength: key ? CHUNK_BYTES * 6 : CHUNK_BYTES,
          copyTo: (to) => new DataView(to.buffer, to.byteOffset).setFloat64(0, performance.now()),
        },
        Date.now() * 1000,
      );
  }, 1000 / FRAMES_PER_SECOND);
  return () => {
    clearInterval(timer);
    for (const { connection } of viewers) connection.close();
    for (const { publisher } of cameras) publisher.close();
  };
}

/** Events in another process, for the window and a second before and after it. */
async function storms({ id, key }: Awaited<ReturnType<typeof register>>): Promise<string> {
  const jwk = JSON.stringify(key.privateKey.export({ format: 'jwk' }));
  const args = [server.http, id, jwk, String(EVENTS_PER_SECOND), String(WINDOW_SECONDS + 2)];
  const child = spawn(process.execPath, [join(import.meta.dirname, 'live/event-storm.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('the storm of events ended early');
  return said.trim();
}

function report(alone: readonly number[][], loaded: readonly number[][]): void {
  const added = loaded.map((delays, round) => quantile(delays, 0.99) - quantile(alone[round] ?? [], 0.99));
  const line = (name: string, rounds: readonly number[][]) => {
    const values = rounds.flat();
    return `| ${name} | ${values.length} | ${[0.5, 0.95, 0.99, 0.999].map((part) => quantile(values, part).toFixed(1)).join(' | ')} |`;
  };
  const reached = median(added) <= ADDED_P99_MAX;
  console.log(`Delay of a frame from camera to viewer, ms; ${CAMERAS} cameras of ${FRAMES_PER_SECOND} frames/s and 1 Mbit/s, ${VIEWERS_EACH} viewers each, cameras and viewers in Node; ${ROUNDS} interleaved rounds of ${WINDOW_SECONDS} s.

| | frames | median | p95 | p99 | p99.9 |
|---|--:|--:|--:|--:|--:|
${line('no events', alone)}
${line(`${EVENTS_PER_SECOND} events/s stored, each with its photo and its alarm`, loaded)}

Added delay at p99, round by round: ${added.map((value) => value.toFixed(1)).join(', ')} ms; median ${median(added).toFixed(1)} ms, must be at most ${ADDED_P99_MAX} ms: ${reached ? 'reached' : 'missed'}.`);
  process.exitCode = reached ? 0 : 1;
}
