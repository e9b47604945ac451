/** The same frames enter the detector and the 2013 algorithm; their times side by side leave. */
import { createDetector } from '../src/motion/shared/detector.ts';
import { createLegacyRgbaIndicator } from '../src/motion/shared/legacy.ts';
import { lumaOfRgba } from '../src/motion/shared/rgba-luma.ts';
import { readCorpus } from '../test/quality/corpus.ts';
import { decodeLuma } from '../test/quality/decode.ts';

/** Milliseconds: what a 640×480 frame may cost from its luma plane, median. */
const MOST_MILLISECONDS = 1;
const WIDTH = 640;
const HEIGHT = 480;
const PIXELS = WIDTH * HEIGHT;
/** Frames before the compiler has settled, and frames measured. */
const WARM_FRAMES = 300;
const MEASURED_FRAMES = 1500;

const source = readCorpus('test/quality').find(({ id }) => id === 'p_enter_during_ae');
if (source === undefined) throw new Error('test/quality/clips/p_enter_during_ae.mp4 is missing');
console.error(`decoding ${source.id} at ${WIDTH}×${HEIGHT}`);
const clip = { ...source, width: WIDTH, height: HEIGHT };
const luma = await decodeLuma(clip);
const frameCount = Math.floor(luma.length / PIXELS);
const rgba = new Uint8Array(PIXELS * 4).fill(255);
const converted = new Uint8Array(PIXELS);
const frame = new Uint8Array(PIXELS);
const detector = createDetector();
const fromRgba = createDetector();
const legacy = createLegacyRgbaIndicator();

const times = { ours: [] as number[], oursRgba: [] as number[], legacy: [] as number[] };
for (let i = 0; i < WARM_FRAMES + MEASURED_FRAMES; i++) {
  show(i);
  const a = performance.now();
  detector.analyse(frame, WIDTH, HEIGHT, WIDTH, i / clip.fps);
  const b = performance.now();
  legacy.value(rgba);
  const c = performance.now();
  lumaOfRgba(rgba, converted);
  fromRgba.analyse(converted, WIDTH, HEIGHT, WIDTH, i / clip.fps);
  const d = performance.now();
  if (i < WARM_FRAMES) continue;
  times.ours.push(b - a);
  times.legacy.push(c - b);
  times.oursRgba.push(d - c);
}
const allocated = bytesAFrame();

console.log('| one 640×480 frame | median | p99 |\n|---|--:|--:|');
console.log(line('detector, from the luma plane', times.ours));
console.log(line('detector, from RGBA', times.oursRgba));
console.log(line('2013 algorithm, from RGBA', times.legacy));
const median = quantile(times.ours, 0.5);
const ratio = median / quantile(times.legacy, 0.5);
console.log(`\nFrom luma it takes ${ratio.toFixed(2)} times what the 2013 algorithm takes in the same run.`);
console.log(`Allocated: ${allocated} bytes a frame.`);
const reached = median <= MOST_MILLISECONDS;
console.log(`Median from luma at most ${MOST_MILLISECONDS} ms: ${reached ? 'reached' : 'missed'}.`);
process.exitCode = reached ? 0 : 1;

/** Copies a frame of the clip, forth and back, to where a camera would have put it. */
function show(index: number): void {
  const turn = index % (2 * frameCount - 2);
  const at = turn < frameCount ? turn : 2 * frameCount - 2 - turn;
  frame.set(luma.subarray(at * PIXELS, (at + 1) * PIXELS));
  for (let p = 0, q = 0; p < PIXELS; p++, q += 4) rgba[q] = rgba[q + 1] = rgba[q + 2] = frame[p];
}

/** Heap growth over many frames; the smallest of several tries, since others allocate too. */
function bytesAFrame(): number {
  const rounds = Array.from({ length: 5 }, () => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 200; i++) detector.analyse(frame, WIDTH, HEIGHT, WIDTH, 1000 + i / clip.fps);
    return (process.memoryUsage().heapUsed - before) / 200;
  }).filter((bytes) => bytes >= 0);
  return Math.round(Math.min(...rounds));
}

function line(name: string, milliseconds: number[]): string {
  return `| ${name} | ${quantile(milliseconds, 0.5).toFixed(2)} ms | ${quantile(milliseconds, 0.99).toFixed(2)} ms |`;
}

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))];
}
