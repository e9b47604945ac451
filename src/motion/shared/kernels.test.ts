import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEARN_SETTLED } from './background-model.ts';
import { createPixelMemory } from './pixel-memory.ts';
import { SUM_OF_SIGMA } from './regions.ts';
import { createStage, type Stage } from './stage.ts';

const FPS = 15;

/** A repeatable source of whole numbers from 0 to `below` − 1. */
function dice(seed: number): (below: number) => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Stripes with noise and rectangles, in a light that now and then jumps; now and then noise only, black, or white. */
function drawFrame(roll: (below: number) => number, plane: Uint8Array, width: number, height: number, stride: number) {
  const kind = roll(12);
  const light = [0.2, 0.6, 1, 1, 1, 1.7][roll(6)];
  const noise = [1, 4, 30][roll(3)];
  for (let i = 0; i < plane.length; i++) {
    const scene = kind === 0 ? roll(256) : kind === 1 ? 0 : kind === 2 ? 255 : 60 + 50 * ((i >> 4) & 1) + roll(noise);
    plane[i] = Math.min(255, scene * light);
  }
  for (let n = kind > 2 ? roll(8) : 0; n > 0; n--) {
    const [left, top, grey] = [roll(width), roll(height), roll(256)];
    const right = Math.min(width, left + 1 + roll(width));
    const bottom = Math.min(height, top + 1 + roll(height));
    for (let y = top; y < bottom; y++) plane.fill(grey, y * stride + left, y * stride + right);
  }
}

/** One frame through all kernels; `object` and `manner` are what a judge may have written. */
function step(
  stage: Stage,
  frame: Uint8Array,
  stride: number,
  seconds: number,
  object: Uint8Array,
  manner: Uint8Array,
) {
  const { grid, model, regions, evidence } = stage;
  grid.reduce(frame, stride);
  if (seconds === 0) model.restart(grid.mean);
  stage.object.set(object);
  model.compare(grid.mean, stage.object);
  regions.find(model.deviation, Math.round(2 * SUM_OF_SIGMA * model.noise), 4);
  evidence.measure(regions, model);
  stage.manner.set(manner);
  model.learn(stage.manner, { seconds, elapsedSeconds: 1 / FPS, stampSeconds: seconds });
}

/** All that a frame leaves behind. */
function contents({ grid, model, regions, evidence }: Stage) {
  const { runCount, count } = regions;
  const runs = [regions.runRow, regions.runStart, regions.runEnd, regions.runRegion];
  const bounds = [regions.area, regions.left, regions.top, regions.right, regions.bottom];
  const measures = [evidence.novelty, evidence.sharpness, evidence.sway];
  return {
    grid: grid.mean,
    log: model.log,
    field: model.illumination.field,
    residual: model.residual,
    deviation: model.deviation,
    mean: model.mean,
    spread: model.spread,
    numbers: [model.illumination.gain, model.noise, model.restlessShare, runCount, count, regions.changedCells],
    runs: runs.map((array) => array.slice(0, runCount)),
    regions: [...bounds, ...measures].map((array) => array.slice(0, count)),
  };
}

function expectSame(width: number, height: number, padding: number, seed: number): void {
  const roll = dice(seed);
  const memory = createPixelMemory();
  expect(memory.kernels).not.toBeNull();
  const fast = createStage(width, height, memory);
  const plain = createStage(width, height, createPixelMemory(true));
  const stride = width + padding;
  const frame = new Uint8Array(stride * height);
  const object = new Uint8Array(plain.cells);
  const manner = new Uint8Array(plain.cells);
  for (let i = 0; i < 8; i++) {
    drawFrame(roll, frame, width, height, stride);
    for (let run = roll(6); run > 0; run--) {
      const from = roll(plain.cells);
      object.fill(roll(2), from, from + roll(plain.cells));
      manner.fill(roll(LEARN_SETTLED + 1), from, from + roll(plain.cells));
    }
    for (const stage of [fast, plain]) step(stage, frame, stride, i / FPS, object, manner);
    // toEqual would take a second for each frame.
    const [one, other] = [contents(fast), contents(plain)];
    for (const name of Object.keys(one) as (keyof typeof one)[]) {
      const same = String(one[name]) === String(other[name]);
      expect(same, `${name} of frame ${i}, ${width}×${height}, ${padding} more a row, seed ${seed}`).toBe(true);
    }
  }
}

describe('the kernels', () => {
  it('answer bit for bit as plain TypeScript does, at any size', () => {
    const side = fc.oneof(fc.integer({ min: 16, max: 400 }), fc.integer({ min: 1, max: 40 }));
    fc.assert(fc.property(side, side, fc.integer({ min: 0, max: 9 }), fc.nat(1_000_000), expectSame), { numRuns: 60 });
  });

  it.each([
    [640, 480, 0],
    [640, 480, 300],
    [641, 479, 7],
    [853, 480, 3],
    [1280, 720, 0],
    [1366, 768, 2],
    [1920, 1080, 8],
    [1080, 1920, 0],
    [4000, 3, 1],
    [3, 4000, 1],
  ])('do so at %i×%i with rows %i longer', (width, height, padding) => {
    expectSame(width, height, padding, width + padding);
  });
});
