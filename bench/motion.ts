/** The same frames enter the detector and the 2013 algorithm; their times side by side leave, and what they allocate. */
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { createDetector, type Detector } from '../src/motion/shared/detector.ts';
import { createLegacyRgbaIndicator } from '../src/motion/shared/legacy.ts';
import { createPixelMemory } from '../src/motion/shared/pixel-memory.ts';
import { createRgbaLuma } from '../src/motion/shared/rgba-luma.ts';
import { readCorpus } from '../test/quality/corpus.ts';
import { decodeLuma } from '../test/quality/decode.ts';

/** Milliseconds: what a 640×480 frame may cost from its luma plane and from RGBA, median, and either's 99th percentile. */
const MOST = { luma: 0.4, rgba: 0.8, p99: 2 };
const WIDTH = 640;
const HEIGHT = 480;
const PIXELS = WIDTH * HEIGHT;
/** Frames before the compiler has settled, and frames measured. */
const WARM_FRAMES = 300;
const MEASURED_FRAMES = 1500;
/** Frames over which garbage collections are counted, and fewer of them over which the heap's growth is taken. */
const COLLECTED_FRAMES = 10_000;
const HEAP_FRAMES = 1000;

const source = readCorpus('test/quality').find(({ id }) => id === 'p_enter_during_ae');
if (source === undefined) throw new Error('test/quality/clips/p_enter_during_ae.mp4 is missing');
console.error(`decoding ${source.id} at ${WIDTH}×${HEIGHT}`);
const clip = { ...source, width: WIDTH, height: HEIGHT };
const luma = await decodeLuma(clip);
const frameCount = Math.floor(luma.length / PIXELS);
const rgba = new Uint8Array(PIXELS * 4).fill(255);
const frame = new Uint8Array(PIXELS);
const lumaOf = createRgbaLuma();
const plainLumaOf = createRgbaLuma(createPixelMemory(true));
const [detector, fromRgba] = [createDetector(), createDetector()];
const [plain, plainFromRgba] = [createDetector({ plain: true }), createDetector({ plain: true })];
const legacy = createLegacyRgbaIndicator();

const rows = {
  luma: { name: 'detector, from the luma plane', run: (t: number) => analyse(detector, frame, t) },
  rgba: {
    name: 'detector, from RGBA',
    run: (t: number) => analyse(fromRgba, lumaOf(rgba, WIDTH, HEIGHT, 4 * WIDTH), t),
  },
  plainLuma: { name: 'without WASM, from the luma plane', run: (t: number) => analyse(plain, frame, t) },
  plainRgba: {
    name: 'without WASM, from RGBA',
    run: (t: number) => analyse(plainFromRgba, plainLumaOf(rgba, WIDTH, HEIGHT, 4 * WIDTH), t),
  },
  legacy: { name: '2013 algorithm, from RGBA', run: () => legacy.value(rgba) },
};
type Name = keyof typeof rows;
const names = Object.keys(rows) as Name[];
const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
for (let i = 0; i < WARM_FRAMES + MEASURED_FRAMES; i++) {
  show(i);
  for (const name of names) {
    const began = performance.now();
    rows[name].run(i / clip.fps);
    if (i >= WARM_FRAMES) times[name].push(performance.now() - began);
  }
}

const median = (name: Name) => quantile(times[name], 0.5);
const slowest = (name: Name) => quantile(times[name], 0.99);
console.log('| one 640×480 frame | median | p99 |\n|---|--:|--:|');
for (const name of names) {
  console.log(`| ${rows[name].name} | ${median(name).toFixed(2)} ms | ${slowest(name).toFixed(2)} ms |`);
}
const ratio = median('luma') / median('legacy');
console.log(`\nFrom luma it takes ${ratio.toFixed(2)} times what the 2013 algorithm takes in the same run.`);
const collections = await countCollections();
const allocated = bytesAFrame();
console.log(`In ${COLLECTED_FRAMES} frames ${collections} garbage collections, ${allocated} bytes of heap a frame.`);
const reached = [
  verdict(`Median from luma at most ${MOST.luma} ms`, median('luma') <= MOST.luma),
  verdict(`Median from RGBA at most ${MOST.rgba} ms`, median('rgba') <= MOST.rgba),
  verdict(`p99 of both at most ${MOST.p99} ms`, Math.max(slowest('luma'), slowest('rgba')) <= MOST.p99),
  verdict('Nothing allocated a frame', collections === 0 && allocated === 0),
];
process.exitCode = reached.every(Boolean) ? 0 : 1;

function analyse(which: Detector, plane: Uint8Array, seconds: number): void {
  which.analyse(plane, WIDTH, HEIGHT, WIDTH, seconds);
}

/** Copies a frame of the clip, forth and back, to where a camera would have put it. */
function show(index: number): void {
  const at = clipIndex(index);
  frame.set(luma.subarray(at * PIXELS, (at + 1) * PIXELS));
  for (let p = 0, q = 0; p < PIXELS; p++, q += 4) rgba[q] = rgba[q + 1] = rgba[q + 2] = frame[p];
}

function clipIndex(index: number): number {
  const turn = index % (2 * frameCount - 2);
  return turn < frameCount ? turn : 2 * frameCount - 2 - turn;
}

/** As `node --trace-gc` prints them. Everything that the loop itself needs is made before it. */
async function countCollections(): Promise<number> {
  const run = prepare(COLLECTED_FRAMES);
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  run();
  await setImmediate();
  count += observer.takeRecords().length;
  observer.disconnect();
  return count;
}

/** Heap growth over many frames; the smallest of several tries, since others allocate too. */
function bytesAFrame(): number {
  const run = prepare(HEAP_FRAMES);
  const rounds = Array.from({ length: 5 }, () => {
    const before = process.memoryUsage().heapUsed;
    run();
    return (process.memoryUsage().heapUsed - before) / HEAP_FRAMES;
  }).filter((bytes) => bytes >= 0);
  return Math.round(Math.min(...rounds));
}

/**
 * Runs the clip through the detector. Views and times are made beforehand, as a camera makes them; the times stand
 * beside something that is no number, so that each is an object already and is not made one for the call.
 */
function prepare(count: number): () => void {
  const planes = Array.from({ length: count }, (_, i) => {
    const at = clipIndex(i);
    return luma.subarray(at * PIXELS, (at + 1) * PIXELS);
  });
  const stamps: unknown[] = [null, ...planes.map((_, i) => 1000 + i / clip.fps)];
  return () => {
    for (let i = 0; i < count; i++) analyse(detector, planes[i], stamps[i + 1] as number);
  };
}

function verdict(figure: string, reached: boolean): boolean {
  console.log(`${figure}: ${reached ? 'reached' : 'missed'}.`);
  return reached;
}

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))];
}
