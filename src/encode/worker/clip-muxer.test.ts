import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Chunk } from './chunk.ts';
import { type ClipPart, createClipMuxer } from './clip-muxer.ts';

/** Group of pictures, frames; the camera's is two seconds of 30. */
const GROUP = 15;
const config = { codec: 'avc1.42E00D', codedWidth: 320, codedHeight: 240 };
let folder: string;
let frames: Uint8Array<ArrayBuffer>[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-muxer-'));
  const path = [
    '-f',
    'lavfi',
    '-i',
    'testsrc=size=320x240:rate=30:duration=4',
    '-c:v',
    'libx264',
    '-profile:v',
    'baseline',
    '-pix_fmt',
    'yuv420p',
  ];
  const options = ['-bf', '0', '-g', String(GROUP), '-x264-params', 'aud=1:scenecut=0', '-f', 'h264', '-'];
  const stream = execFileSync('ffmpeg', ['-v', 'error', ...path, ...options], { maxBuffer: 1 << 26 });
  frames = accessUnits(stream);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Cuts at access unit delimiters (ITU-T H.264 § 7.4.1.2.3). */
function accessUnits(stream: Buffer): Uint8Array<ArrayBuffer>[] {
  const starts: number[] = [];
  const delimiter = Buffer.from([0, 0, 0, 1, 9]);
  for (let at = stream.indexOf(delimiter); at >= 0; at = stream.indexOf(delimiter, at + 1)) starts.push(at);
  return starts.map((start, i) => Uint8Array.from(stream.subarray(start, starts[i + 1] ?? stream.length)));
}

/** A camera's frames come unevenly; these take 20, 40, 30 ms in turn, from a time of some other epoch on. */
function chunkAt(index: number): Chunk {
  const offsets = [0, 20, 60];
  const millis = 955_000 + Math.floor(index / 3) * 90 + (offsets[index % 3] ?? 0);
  const data = frames[index] ?? new Uint8Array();
  return {
    type: index % GROUP === 0 ? 'key' : 'delta',
    timestampMicros: millis * 1000,
    captureTimeMicros: 0,
    data,
    config,
  };
}

const chunks = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => chunkAt(from + i));

function probe(parts: readonly ClipPart[]): { seconds: number; frames: number } {
  const path = join(folder, `${parts.length}.mp4`);
  writeFileSync(path, Buffer.concat(parts.map((part) => part.data)));
  const args = [
    '-v',
    'error',
    '-count_frames',
    '-show_entries',
    'format=duration:stream=nb_read_frames',
    '-of',
    'json',
    path,
  ];
  const { format, streams } = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' }));
  return { seconds: Number(format.duration), frames: Number(streams[0].nb_read_frames) };
}

async function mux(feed: (muxer: ReturnType<typeof createClipMuxer>) => void): Promise<ClipPart[]> {
  const parts: ClipPart[] = [];
  const muxer = createClipMuxer(
    (part) => parts.push(part),
    (error) => {
      throw error;
    },
  );
  feed(muxer);
  await muxer.finish();
  return parts;
}

test('the ring is one part, then each closed group is one; together they play for as long as they took', async () => {
  const parts = await mux((muxer) => {
    muxer.addAll(chunks(0, 40));
    for (const chunk of chunks(40, 100)) muxer.add(chunk);
  });
  expect(parts.map(({ n, last }) => [n, last])).toEqual([
    [0, false],
    [1, false],
    [2, false],
    [3, false],
    [4, false],
    [5, true],
  ]);
  const whole = probe(parts);
  expect(whole.frames).toBe(100);
  // 33 rounds of 90 ms, and a last frame for which the time of the one before it stands.
  expect(whole.seconds).toBeCloseTo(33 * 0.09 + 0.03, 2);
});

test('whatever has arrived is playable', async () => {
  const parts = await mux((muxer) => {
    muxer.addAll(chunks(0, 40));
    for (const chunk of chunks(40, 100)) muxer.add(chunk);
  });
  const counts = parts.map((_, i) => probe(parts.slice(0, i + 1)).frames);
  expect(counts).toEqual([30, 45, 60, 75, 90, 100]);
});

test('a film begins with a key chunk, and nothing of nothing is no film', async () => {
  const late = await mux((muxer) => {
    for (const chunk of chunks(10, 20)) muxer.add(chunk);
  });
  expect(late).toHaveLength(1);
  expect(probe(late).frames).toBe(5);
  expect(await mux((muxer) => muxer.addAll(chunks(1, 5)))).toEqual([]);
});

test('an error is told once, and nothing leaves any more', async () => {
  const errors: unknown[] = [];
  const parts: ClipPart[] = [];
  const muxer = createClipMuxer(
    (part) => parts.push(part),
    (error) => errors.push(error),
  );
  muxer.addAll([{ ...chunkAt(0), data: Uint8Array.of(1, 2, 3) }, chunkAt(1)]);
  for (const chunk of chunks(15, 32)) muxer.add(chunk);
  await muxer.finish();
  expect(errors).toHaveLength(1);
  expect(parts).toEqual([]);
});
