/** Raw frames enter on standard input; one JSON line a frame leaves on standard output, before the next frame is read. */
import { readSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createDetector, type MotionState } from '../shared/detector.ts';
import { createRgbaLuma } from '../shared/rgba-luma.ts';
import { reasonInEnglish } from './reason-in-english.ts';

const side = z.coerce.number().int().min(1).max(8192);
const argumentsSchema = z.strictObject({
  width: side,
  height: side,
  fps: z.coerce.number().positive().max(1000),
  format: z.enum(['rgba', 'gray']),
});

const STANDARD_INPUT = 0;
const STANDARD_OUTPUT = 1;
/** A non-blocking pipe that has nothing yet is asked again after this long. */
const RETRY_MILLISECONDS = 1;
const retrySignal = new Int32Array(new SharedArrayBuffer(4));

main();

function main(): void {
  const parsed = argumentsSchema.safeParse(readArguments());
  if (!parsed.success) {
    console.error(`motion: ${z.prettifyError(parsed.error)}`);
    console.error('usage: motion --width W --height H --fps F --format rgba|gray < frames');
    process.exitCode = 2;
    return;
  }
  const { width, height, fps, format } = parsed.data;
  const detector = createDetector();
  const frame = new Uint8Array(width * height * (format === 'rgba' ? 4 : 1));
  const lumaOf = createRgbaLuma();
  for (let index = 0; readFrame(frame); index++) {
    const began = performance.now();
    const luma = format === 'rgba' ? lumaOf(frame, width, height, width * 4) : frame;
    const state = detector.analyse(luma, width, height, width, index / fps);
    writeLine(lineFor(state, performance.now() - began));
  }
}

function readArguments(): unknown {
  try {
    const options = { type: 'string' } as const;
    return parseArgs({ options: { width: options, height: options, fps: options, format: options } }).values;
  } catch (error) {
    return { error: String(error) };
  }
}

function lineFor(state: MotionState, milliseconds: number): string {
  return JSON.stringify({
    t: Number(state.timestampSeconds.toFixed(4)),
    score: Number(state.score.toFixed(5)),
    motion: state.motion,
    reason: reasonInEnglish(state.reason),
    boxes: state.boxes,
    ms: Number(milliseconds.toFixed(3)),
  });
}

/** Whether a whole frame came; a rest that is no whole frame is dropped. */
function readFrame(frame: Uint8Array): boolean {
  for (let got = 0; got < frame.length; ) {
    const count = patiently(() => readSync(STANDARD_INPUT, frame, got, frame.length - got, null));
    if (count === 0) return false;
    got += count;
  }
  return true;
}

function writeLine(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let sent = 0; sent < bytes.length; ) {
    sent += patiently(() => writeSync(STANDARD_OUTPUT, bytes, sent));
  }
}

/** Waits while a pipe is empty or full; a reader that is gone ends the command quietly. */
function patiently(act: () => number): number {
  for (;;) {
    try {
      return act();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EOF') return 0;
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(retrySignal, 0, 0, RETRY_MILLISECONDS);
    }
  }
}
