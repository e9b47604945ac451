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
type Option = keyof typeof argumentsSchema.shape;
const ACCEPTS: Readonly<Record<Option, string>> = {
  width: 'whole pixels, 1 to 8192',
  height: 'whole pixels, 1 to 8192',
  fps: 'a number above 0, up to 1000',
  format: 'rgba or gray',
};

const STANDARD_INPUT = 0;
const STANDARD_OUTPUT = 1;
/** A non-blocking pipe that has nothing yet is asked again after this long. */
const RETRY_MILLISECONDS = 1;
const retrySignal = new Int32Array(new SharedArrayBuffer(4));

main();

function main(): void {
  const read = readArguments(process.argv.slice(2));
  if (typeof read === 'string') {
    console.error(`motion: ${read}`);
    console.error('usage: motion --width W --height H --fps F --format rgba|gray < frames');
    process.exitCode = 2;
    return;
  }
  const { width, height, fps, format } = read;
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

/** The options, or what is wrong with the first one that is. */
function readArguments(words: string[]): z.output<typeof argumentsSchema> | string {
  const type = { type: 'string' } as const;
  const options = { width: type, height: type, fps: type, format: type };
  const { values, tokens } = parseArgs({ args: words, options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') return `${JSON.stringify(token.value)}: no option of this command`;
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(options, token.name)) return `${token.rawName}: no option of this command`;
    if (token.value === undefined) return `${token.rawName}: given nothing, accepted: ${ACCEPTS[token.name as Option]}`;
  }
  const parsed = argumentsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const option = parsed.error.issues[0]?.path[0] as Option;
  const given = values[option] === undefined ? 'not given' : `given ${JSON.stringify(values[option])}`;
  return `--${option}: ${given}, accepted: ${ACCEPTS[option]}`;
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
