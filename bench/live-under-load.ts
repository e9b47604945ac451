/** Four cameras and eight viewers in Node on a real server enter; by how much stored events delay their frames leaves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
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
const WARM_UP_SECONDS = 4;
/** What must be reached, ms. */
const ADDED_P99_MAX = 5;

/** Nothing else · events with photo that nobody is told about · events with photo, each with its alarm mail. */
type Scene = 'alone' | 'stored' | 'alarmed';

const server = await startServer({ env: { LOG_LEVEL: 'error' } });
try {
  const person = await signUp(server.http, 'load@example.org');
  const delays: number[] = [];
  const stop = await publishAndWatch(person, delays);
  const storming = await register(person, 'Events', false);
  const rounds: Record<Scene, number[][]> = { alone: [], stored: [], alarmed: [] };
  // The first alarms of a server's life load its mail libraries; what is measured is the life after.
  await storms(storming, 'intrusion', WARM_UP_SECONDS);
  for (let round = 0; round < ROUNDS; round++) {
    rounds.alone.push(await measure(delays, WINDOW_SECONDS));
    for (const [scene, kind] of [
      ['stored', 'gap'],
      ['alarmed', 'intrusion'],
    ] as const) {
      const storm = storms(storming, kind, WINDOW_SECONDS + 2);
      await measure(delays, 1);
      rounds[scene].push(await measure(delays, WINDOW_SECONDS));
      console.error(`round ${round + 1} of ${ROUNDS}, ${scene}: ${await storm}`);
    }
  }
  stop();
  report(rounds);
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

/** Events in another process; around a window they begin a second before it and end a second after it. */
async function storms(
  { id, key }: Awaited<ReturnType<typeof register>>,
  kind: 'gap' | 'intrusion',
  seconds: number,
): Promise<string> {
  const jwk = JSON.stringify(key.privateKey.export({ format: 'jwk' }));
  const args = [server.http, id, jwk, kind, String(EVENTS_PER_SECOND), String(seconds)];
  const child = spawn(process.execPath, [fileURLToPath(new URL('live/event-storm.ts', import.meta.url)), ...args], {
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

function report(rounds: Readonly<Record<Scene, readonly number[][]>>): void {
  const p99 = (delays: readonly number[] = []) => quantile(delays, 0.99);
  const addedBy = (scene: Scene) => rounds[scene].map((delays, round) => p99(delays) - p99(rounds.alone[round]));
  const line = (name: string, scene: Scene) => {
    const values = rounds[scene].flat();
    const parts = [0.5, 0.95, 0.99, 0.999].map((part) => quantile(values, part).toFixed(1));
    return `| ${name} | ${values.length} | ${parts.join(' | ')} | ${
      scene === 'alone'
        ? ''
        : `${median(addedBy(scene)).toFixed(1)} (${addedBy(scene)
            .map((value) => value.toFixed(1))
            .join(', ')})`
    } |`;
  };
  const verdict = (scene: Scene) => (median(addedBy(scene)) <= ADDED_P99_MAX ? 'reached' : 'missed');
  console.log(`Delay of a frame from camera to viewer, ms; ${CAMERAS} cameras of ${FRAMES_PER_SECOND} frames/s and 1 Mbit/s, ${VIEWERS_EACH} viewers each, cameras and viewers in Node; ${ROUNDS} interleaved rounds of ${WINDOW_SECONDS} s.

| | frames | median | p95 | p99 | p99.9 | added at p99: median (each round) |
|---|--:|--:|--:|--:|--:|--:|
${line('no events', 'alone')}
${line(`${EVENTS_PER_SECOND} events/s stored, each with its photo`, 'stored')}
${line('the same, and for each its alarm mail composed and kept', 'alarmed')}

Added at p99 must be at most ${ADDED_P99_MAX} ms: ${verdict('stored')} while events are stored, ${verdict('alarmed')} where each is mailed as well.`);
  process.exitCode = verdict('stored') === 'reached' ? 0 : 1;
}
