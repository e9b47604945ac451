/** Stretches of a labelled clip enter; a film for Chromium's webcam leaves (MJPEG), with each frame's number in its border. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Chromium plays every MJPEG at this rate, whatever the file says. */
export const WEBCAM_FPS = 30;
const WIDTH = 640;
const HEIGHT = 480;
const LUMA = WIDTH * HEIGHT;
const FRAME = (LUMA * 3) / 2;

/** The border: a strip of grey at the foot, with blocks that are darker (0) or lighter (1) than it. */
const STRIP = 8;
const BLOCK = 8;
const BLOCK_STEP = 24;
const BITS = 12;
const GREY = 128;
const CONTRAST = 28;

/** A stretch of the clip, in its own seconds; backwards where `from` is the larger. */
export interface Take {
  readonly from: number;
  readonly to: number;
  /** Played forth and back so many times, so that it ends where it began and nothing jumps. */
  readonly forthAndBack?: number;
}

export interface FootagePlan {
  /** Name of a clip of the labelled footage, without its ending. */
  readonly clip: string;
  readonly takes: readonly Take[];
  /** When somebody is in the clip, first visible pixel to last, in its own seconds. */
  readonly truth: readonly (readonly [from: number, to: number])[];
}

export interface Footage {
  /** For `openBrowser({webcam})`. */
  readonly path: string;
  readonly frames: number;
  /** Frame numbers at which somebody is first and last visible, visit by visit. */
  readonly visits: readonly { readonly firstFrame: number; readonly lastFrame: number }[];
}

/** An empty room for a minute and more. */
export const EMPTY_ROOM: FootagePlan = {
  clip: 'r_room_two',
  takes: [{ from: 0.2, to: 4.8, forthAndBack: 1 }],
  truth: [[5.8, 20.5]],
};

/** An empty room, a woman who comes in, turns at the table and leaves, an empty room: 36 s. */
export const ONE_VISIT: FootagePlan = {
  clip: 'r_room_two',
  takes: [
    { from: 0.2, to: 4.8, forthAndBack: 1 },
    { from: 0.2, to: 9.3 },
    { from: 17.4, to: 21.6 },
    { from: 4.8, to: 0.2 },
    { from: 0.2, to: 4.8, forthAndBack: 1 },
  ],
  truth: [[5.8, 20.5]],
};

const CLIPS = process.env['VIGIE_FOOTAGE'] ?? join(import.meta.dirname, '../quality/clips');
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/vigie/footage');

/** Makes the film, or finds it made. @throws Error where ffmpeg is missing or fails */
export async function makeFootage(plan: FootagePlan): Promise<Footage> {
  const order = plan.takes.flatMap((take) => secondsOf(take));
  if (order.length >= 2 ** BITS) throw new RangeError(`${order.length} frames have no number in ${BITS} bits`);
  const key = createHash('sha256')
    .update(JSON.stringify([plan, STRIP, CONTRAST, 1]))
    .digest('hex')
    .slice(0, 16);
  const path = join(CACHE, `${plan.clip}-${key}.mjpeg`);
  if (!existsSync(path)) await render(plan, path);
  return { path, frames: order.length, visits: visitsOf(order, plan.truth) };
}

/** The clip's second that each frame of a take shows. */
function secondsOf({ from, to, forthAndBack }: Take): number[] {
  const count = Math.round(Math.abs(to - from) * WEBCAM_FPS);
  const forth = Array.from({ length: count }, (_, i) => from + (Math.sign(to - from) * i) / WEBCAM_FPS);
  if (forthAndBack === undefined) return forth;
  const round = [...forth, ...forth.toReversed()];
  return Array.from({ length: forthAndBack }, () => round).flat();
}

function visitsOf(order: readonly number[], truth: FootagePlan['truth']): Footage['visits'] {
  const visits: { firstFrame: number; lastFrame: number }[] = [];
  order.forEach((second, frame) => {
    if (!truth.some(([from, to]) => second >= from && second <= to)) return;
    const last = visits.at(-1);
    if (last && last.lastFrame === frame - 1) last.lastFrame = frame;
    else visits.push({ firstFrame: frame, lastFrame: frame });
  });
  return visits;
}

async function render(plan: FootagePlan, path: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const unfinished = `${path}.${process.pid}.part`;
  const pixels = ['-f', 'rawvideo', '-pix_fmt', 'yuvj420p', '-s', `${WIDTH}x${HEIGHT}`];
  const input = [...pixels, '-r', String(WEBCAM_FPS), '-i', '-'];
  const encoder = spawn(
    'ffmpeg',
    ['-v', 'error', '-y', ...input, '-c:v', 'mjpeg', '-q:v', '3', '-f', 'mjpeg', unfinished],
    {
      stdio: ['pipe', 'ignore', 'inherit'],
    },
  );
  let number = 0;
  for (const take of plan.takes) {
    const [from, to] = [Math.min(take.from, take.to), Math.max(take.from, take.to)];
    const frames = await decode(join(CLIPS, `${plan.clip}.mp4`), from, to);
    for (const second of secondsOf(take)) {
      const index = Math.min(frames.length / FRAME - 1, Math.max(0, Math.round((second - from) * WEBCAM_FPS)));
      const frame = Buffer.from(frames.subarray(index * FRAME, (index + 1) * FRAME));
      paintNumber(frame, number++);
      if (!encoder.stdin.write(frame)) await once(encoder.stdin, 'drain');
    }
  }
  encoder.stdin.end();
  await succeeded(encoder);
  await rename(unfinished, path).catch(async (error) => {
    await rm(unfinished, { force: true });
    throw error;
  });
}

async function decode(clip: string, from: number, to: number): Promise<Buffer> {
  const filter = `fps=${WEBCAM_FPS},scale=-2:${HEIGHT},crop=${WIDTH}:${HEIGHT},format=yuvj420p`;
  const range = ['-ss', String(from), '-t', String(to - from + 0.2)];
  const decoder = spawn('ffmpeg', ['-v', 'error', ...range, '-i', clip, '-vf', filter, '-f', 'rawvideo', '-'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = succeeded(decoder);
  const chunks: Buffer[] = [];
  for await (const chunk of decoder.stdout) chunks.push(chunk);
  await ended;
  return Buffer.concat(chunks);
}

async function succeeded(child: ChildProcess): Promise<void> {
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`ffmpeg ended with ${status}`);
}

/**
 * Small blocks of little contrast far from each other, in Gray code (one block changes from frame to frame):
 * a decoder reads them after two encodings, a motion detector has nothing to see.
 */
function paintNumber(frame: Buffer, number: number): void {
  const gray = number ^ (number >> 1);
  const top = HEIGHT - STRIP;
  frame.fill(GREY, top * WIDTH, LUMA);
  for (const plane of [LUMA, LUMA + LUMA / 4]) frame.fill(128, plane + ((top / 2) * WIDTH) / 2, plane + LUMA / 4);
  for (let bit = 0; bit < BITS; bit++) {
    const value = (gray >> bit) & 1 ? GREY + CONTRAST : GREY - CONTRAST;
    const left = BLOCK_STEP + bit * BLOCK_STEP;
    for (let row = top; row < HEIGHT; row++) frame.fill(value, row * WIDTH + left, row * WIDTH + left + BLOCK);
  }
}

/**
 * Reads the number back from a decoded picture.
 *
 * @param lumaAt luma of a pixel, 0..255; the picture is 640 × 480
 */
export function readFrameNumber(lumaAt: (x: number, y: number) => number): number {
  const mean = (left: number): number => {
    let sum = 0;
    for (let y = HEIGHT - STRIP + 2; y < HEIGHT - 2; y++)
      for (let x = left + 2; x < left + BLOCK - 2; x++) sum += lumaAt(x, y);
    return sum / ((STRIP - 4) * (BLOCK - 4));
  };
  // The grey beside each block is the measure, whatever the encoders did to the range.
  let gray = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const left = BLOCK_STEP + bit * BLOCK_STEP;
    if (mean(left) > mean(left + BLOCK + 4)) gray |= 1 << bit;
  }
  let number = gray;
  for (let shift = 1; shift < BITS; shift <<= 1) number ^= number >> shift;
  return number;
}
