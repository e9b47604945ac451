/** Labelled clips enter, changed in many ways that nobody tuned for; how the detector fares with each way leaves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createDetector, type Detector } from '../src/motion/shared/detector.ts';
import { type Clip, readCorpus } from '../test/quality/corpus.ts';
import { decodeLuma, preRollOrder } from '../test/quality/decode.ts';
import { type ClipScore, scoreClip, totalScore } from '../test/quality/score.ts';
import { cameraVariations } from './margins/camera.ts';
import { lightVariations } from './margins/light.ts';
import { cutOut, peopleVariations, type Walk, walkSources } from './margins/people.ts';
import { seededRandom } from './margins/random.ts';
import type { Variation } from './margins/variation.ts';
import { weatherVariations } from './margins/weather.ts';

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: 'test/quality' },
    /** Only clips whose name matches, and only variations whose name does. */
    clips: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    /** The detector.ts of other versions, which see the very same frames. */
    also: { type: 'string', multiple: true, default: [] },
    /** Another seed makes other rain, other people, other times. */
    seed: { type: 'string', default: '1' },
    /** Prints the regions' measures for each miss and false alarm. */
    detail: { type: 'boolean', default: false },
  },
});

/** Regions shown for a frame that went wrong, the largest first. */
const SHOWN_REGIONS = 3;
const wanted = new RegExp(values.clips);
const corpus = readCorpus(values.corpus);
let walks: Walk[] = [];
const all = [...cameraVariations, ...lightVariations, ...weatherVariations, ...peopleVariations(() => walks)];
const variations = all.filter(({ name }) => new RegExp(values.only).test(name));
if (variations.some(({ people }) => people)) walks = await cutAll();
/** How each version's detectors are made; this one's comes first. */
const makers: [string, () => Detector][] = [['', createDetector]];
for (const path of values.also) makers.push([` (${path})`, (await import(pathToFileURL(path).href)).createDetector]);
const scores = new Map<string, ClipScore[]>();
for (const clip of corpus.filter(({ id }) => wanted.test(id))) {
  console.error(clip.id);
  const luma = await decodeLuma(clip);
  for (const variation of variations) {
    if (variation.suits?.(clip) === false) continue;
    const frames = variation.recode === undefined ? luma : await recoded(clip, variation.recode);
    run(clip, frames, variation).forEach((score, version) => {
      const key = variation.name + makers[version][0];
      scores.set(key, [...(scores.get(key) ?? []), score]);
    });
  }
}
print();

async function cutAll(): Promise<Walk[]> {
  const walks: Walk[] = [];
  for (const { id, from, to } of walkSources) {
    const clip = corpus.find((one) => one.id === id);
    if (clip === undefined) continue;
    const luma = await decodeLuma(clip);
    walks.push(cutOut(clip, luma, stillOf(clip, luma), from, to));
  }
  return walks.filter(({ sprites }) => sprites.length > 3);
}

/** The mean of the quiet beginning. */
function stillOf(clip: Clip, luma: Uint8Array): Float32Array {
  const size = clip.width * clip.height;
  const count = Math.floor(clip.warmup * clip.fps) - 1;
  const still = new Float32Array(size);
  for (let frame = 0; frame < count; frame++) {
    for (let i = 0; i < size; i++) still[i] += luma[frame * size + i] / count;
  }
  return still;
}

async function recoded(clip: Clip, options: readonly string[]): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'margins-'));
  const path = join(folder, 'clip.mkv');
  const quick = options.includes('libx264') ? ['-preset', 'veryfast'] : [];
  const input = ['-v', 'error', '-threads', '1', '-i', clip.path];
  const ffmpeg = spawn('ffmpeg', [...input, ...options, ...quick, '-threads', '1', path], { stdio: 'inherit' });
  const [status] = await once(ffmpeg, 'close');
  if (status !== 0) throw new Error(`ffmpeg ended with ${status} on ${clip.path}`);
  const luma = await decodeLuma({ ...clip, path });
  await rm(folder, { recursive: true });
  return luma;
}

function run(original: Clip, luma: Uint8Array, variation: Variation): ClipScore[] {
  const size = original.width * original.height;
  const count = Math.floor(luma.length / size);
  const random = seededRandom(`${values.seed} ${variation.name} ${original.id}`);
  const painter = variation.begin({ clip: original, random, still: stillOf(original, luma) });
  const { every = 1, backwards = false } = variation;
  const clip = { ...painter.clip, fps: painter.clip.fps / every };
  const target = new Uint8ClampedArray(clip.width * clip.height);
  const plane = new Uint8Array(target.buffer);
  const detectors = makers.map(([, make]) => make());
  const preRoll = preRollOrder(original, count);
  const alarms = detectors.map((): boolean[] => []);
  const notes: string[][] = [];
  for (let step = -preRoll.length; step < count; step++) {
    if (step % every !== 0) continue;
    const place = step < 0 ? preRoll[preRoll.length + step] : step;
    const frame = backwards ? count - 1 - place : place;
    painter.paint(luma.subarray(frame * size, (frame + 1) * size), target, step / original.fps);
    const seconds = (step + preRoll.length) / original.fps;
    detectors.forEach((detector, version) => {
      const { motion, reason } = detector.analyse(plane, clip.width, clip.height, clip.width, seconds);
      if (step < 0) return;
      alarms[version].push(motion);
      if (!values.detail || version > 0) return;
      notes.push([motion ? 'ALARM' : reason.code, ...largest(detector.describe())]);
    });
  }
  const found = alarms.map((list) => scoreClip(clip, list));
  if (values.detail) explain(variation, clip, found[0], notes);
  return found;
}

function largest(regions: string[]): string[] {
  const area = (line: string) => Number(/area=(\d+)/.exec(line)?.[1]);
  return regions.sort((a, b) => area(b) - area(a)).slice(0, SHOWN_REGIONS);
}

function explain({ name }: Variation, clip: Clip, score: ClipScore, notes: readonly string[][]): void {
  const show = (from: number, to: number) => {
    for (let i = Math.max(0, Math.ceil(from * clip.fps)); i < Math.min(notes.length, to * clip.fps); i++) {
      console.log([`    ${(i / clip.fps).toFixed(2)}`, ...notes[i]].join('\n      '));
    }
  };
  for (const at of score.falseAlarms) {
    console.log(`${name}: ${clip.id} false alarm at ${at.toFixed(2)}`);
    show(at - 0.3, at + 0.1);
  }
  score.hits.forEach(({ latencySeconds }, n) => {
    if (latencySeconds !== null && latencySeconds <= 1) return;
    const { t0 } = clip.events[n];
    console.log(`${name}: ${clip.id} at ${t0.toFixed(2)} ${latencySeconds?.toFixed(2) ?? 'missed'}`);
    show(t0, t0 + (latencySeconds ?? 1));
  });
}

function print(): void {
  console.log('| variation | clips | intrusions | recall@1s | F1@1s | false alarms | latency median, p90 | wrong |');
  console.log('|---|--:|--:|--:|--:|--:|--:|---|');
  const sums = makers.map(([version]): [string, ClipScore[]] => {
    return [`all${version}`, variations.flatMap(({ name }) => scores.get(name + version) ?? [])];
  });
  for (const [name, list] of [...scores, ...sums]) {
    const total = totalScore(list);
    const latency = [total.latencyMedianSeconds, total.latencyP90Seconds].map((s) => s?.toFixed(2) ?? '-').join(', ');
    const wrong = name.startsWith('all') ? '' : list.flatMap(wrongOf).join(' ');
    console.log(
      `| ${name} | ${list.length} | ${total.events} | ${total.recallWithinOneSecond.toFixed(2)} | ` +
        `${total.f1WithinOneSecond.toFixed(2)} | ${total.falseAlarms} | ${latency} | ${wrong} |`,
    );
  }
}

/** A clip's late or missed intrusions and false alarms in a word. */
function wrongOf({ id, hits, falseAlarms }: ClipScore): string[] {
  const late = hits.filter(({ latencySeconds }) => latencySeconds === null || latencySeconds > 1);
  const words = [
    ...late.map(({ latencySeconds }) => latencySeconds?.toFixed(1) ?? 'missed'),
    ...falseAlarms.map((at) => `!${at.toFixed(0)}`),
  ];
  return words.length > 0 ? [`${id} ${words.join(' ')}`] : [];
}
