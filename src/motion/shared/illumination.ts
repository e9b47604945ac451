/** Enters each cell's change of log luma; leaves the part of it that is light: smooth over the picture. */
import type { PixelMemory } from './pixel-memory.ts';

/** A block's side in cells: half of the extent under which a change counts as an object's. */
const BLOCK = 8;
/** Histogram of a block's changes: 64 bins of 64 steps (6 %), a factor of 1/e² to e². */
const BINS = 64;
const BIN_SHIFT = 6;
const BIN_OFFSET = (BINS / 2) << BIN_SHIFT;
/** Around its median, a block's mean takes in changes this close. */
const TRIM = 96;
/** A block of which less than this share is free of objects takes its neighbours' light. */
const LEAST_SHARE = 0.25;
/** The light of such a block. */
const UNKNOWN = 32767;

/** Four-byte words that the kernel sorts the lights of nine neighbours in. */
const SCRATCH = 40;

/** Estimates the light field of grids of one size. */
export interface Illumination {
  /** `width × height`: the light's part of the change, in log steps. */
  readonly field: Int16Array;
  /** The median of the blocks: how much the light of the whole picture changed, in log steps. */
  gain: number;
  /**
   * Fills `field` from `change` (log luma − background, in log steps). Cells whose `object` is not 0
   * have no say: there, the light is that of their surroundings.
   */
  estimate(change: Int16Array, object: Uint8Array): void;
}

/** Makes an estimator for a grid of `width × height` cells. */
export function createIllumination(width: number, height: number, memory: PixelMemory): Illumination {
  const across = Math.ceil(width / BLOCK);
  const down = Math.ceil(height / BLOCK);
  const blocks = across * down;
  /** The blocks' medians with a border of unknown ones, so that each block has eight neighbours. */
  const padded = across + 2;
  const median = memory.array(Int16Array, padded * (down + 2)).fill(UNKNOWN);
  const robust = memory.array(Int16Array, blocks);
  const smooth = memory.array(Int16Array, blocks);
  const scratch = memory.array(Int32Array, Math.max(SCRATCH, padded));
  const field = memory.array(Int16Array, width * height);
  const { kernels } = memory;
  const histogram = new Uint8Array(blocks * BINS);
  const sum = new Int32Array(blocks);
  const count = new Uint8Array(blocks);
  const size = blockSizes(width, height);
  const nine = new Int16Array(9);
  const all = new Int16Array(blocks);
  const line = scratch.subarray(0, padded);
  const illumination: Illumination = { field, gain: 0, estimate };

  function estimate(change: Int16Array, object: Uint8Array): void {
    if (kernels === null) {
      blockMeans(change, object);
      rejectObjects();
      interpolate();
      return;
    }
    illumination.gain = kernels.estimate(
      change.byteOffset,
      object.byteOffset,
      width,
      height,
      across,
      down,
      illumination.gain,
      median.byteOffset,
      robust.byteOffset,
      smooth.byteOffset,
      scratch.byteOffset,
      field.byteOffset,
    );
  }

  function blockMeans(change: Int16Array, object: Uint8Array): void {
    histogram.fill(0);
    count.fill(0);
    for (let row = 0; row < height; row += 2) {
      const base = (row >> 3) * across;
      const line = row * width;
      for (let column = 0; column < width; column++) {
        if (object[line + column] !== 0) continue;
        const bin = (change[line + column] + BIN_OFFSET) >> BIN_SHIFT;
        const b = base + (column >> 3);
        histogram[(b << BIN_SHIFT) + (bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin)]++;
        count[b]++;
      }
    }
    for (let b = 0; b < blocks; b++) median[paddedIndex(b)] = blockMedian(b);
    sum.fill(0);
    count.fill(0);
    for (let row = 0, cell = 0; row < height; row++) {
      const base = (row >> 3) * across;
      for (let x = 0; x < across; x++) {
        const b = base + x;
        const middle = median[paddedIndex(b)];
        const end = Math.min(width - x * BLOCK, BLOCK) + cell;
        let total = 0;
        let used = 0;
        for (; cell < end; cell++) {
          const off = change[cell] - middle;
          if (off > -TRIM && off < TRIM && object[cell] === 0) {
            total += off;
            used++;
          }
        }
        sum[b] += total;
        count[b] += used;
      }
    }
    for (let b = 0; b < blocks; b++) {
      const at = paddedIndex(b);
      if (median[at] !== UNKNOWN && count[b] > 0) median[at] += Math.floor(sum[b] / count[b] + 0.5);
    }
  }

  function paddedIndex(b: number): number {
    return b + 2 * Math.floor(b / across) + padded + 1;
  }

  /** The middle of the histogram's middle bin; every other row was counted. */
  function blockMedian(b: number): number {
    if (2 * count[b] < LEAST_SHARE * size[b]) return UNKNOWN;
    const half = (count[b] + 1) >> 1;
    let bin = 0;
    for (let seen = histogram[b << BIN_SHIFT]; seen < half; seen += histogram[(b << BIN_SHIFT) + bin]) bin++;
    return (bin << BIN_SHIFT) + (1 << (BIN_SHIFT - 1)) - BIN_OFFSET;
  }

  /** The median of each block and its neighbours, so that an object smaller than three blocks leaves no trace. */
  function rejectObjects(): void {
    for (let row = 0, b = 0; row < down; row++) {
      for (let column = 0; column < across; column++, b++) {
        let n = 0;
        for (let y = row; y <= row + 2; y++) {
          for (let x = column; x <= column + 2; x++) {
            const value = median[y * padded + x];
            if (value === UNKNOWN) continue;
            let at = n++;
            while (at > 0 && nine[at - 1] > value) nine[at] = nine[--at];
            nine[at] = value;
          }
        }
        robust[b] = n === 0 ? illumination.gain : (nine[(n - 1) >> 1] + nine[n >> 1]) >> 1;
      }
    }
    all.set(robust);
    all.sort();
    illumination.gain = all[blocks >> 1];
    for (let row = 0, b = 0; row < down; row++) {
      const up = row > 0 ? across : 0;
      const below = row < down - 1 ? across : 0;
      for (let column = 0; column < across; column++, b++) {
        const left = column > 0 ? 1 : 0;
        const right = column < across - 1 ? 1 : 0;
        const sides = robust[b - left] + robust[b + right] + robust[b - up] + robust[b + below];
        smooth[b] = (4 * robust[b] + sides) >> 3;
      }
    }
  }

  /** Between the centres of the blocks, linearly; at the border the nearest block. */
  function interpolate(): void {
    for (let row = 0, cell = 0; row < height; row++) {
      const y = 2 * row + 1 - BLOCK;
      const above = Math.floor(y / (2 * BLOCK));
      const weight = y - above * 2 * BLOCK;
      const upper = Math.max(0, above) * across;
      const lower = Math.min(down - 1, above + 1) * across;
      for (let x = 0; x < across; x++) {
        line[x + 1] = smooth[upper + x] * (2 * BLOCK - weight) + smooth[lower + x] * weight;
      }
      line[0] = line[1];
      line[across + 1] = line[across];
      let column = 0;
      for (let x = 0; x <= across; x++) {
        const step = (line[x + 1] - line[x]) >> 3;
        let value = line[x] + (step >> 1);
        const end = Math.min(width, x * BLOCK + (BLOCK >> 1));
        for (; column < end; column++, cell++, value += step) field[cell] = value >> 4;
      }
    }
  }

  return illumination;
}

/** How many cells each block has; at the right and below they may be fewer. */
function blockSizes(width: number, height: number): Uint8Array {
  const across = Math.ceil(width / BLOCK);
  return Uint8Array.from({ length: across * Math.ceil(height / BLOCK) }, (_, b) => {
    const column = b % across;
    const row = (b - column) / across;
    return Math.min(BLOCK, width - column * BLOCK) * Math.min(BLOCK, height - row * BLOCK);
  });
}
