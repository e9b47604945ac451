/** Enters a full-size luma plane; leaves the mean of each cell of a coarse grid. */
import type { PixelMemory } from './pixel-memory.ts';

/** About this many cells, whatever the camera's resolution: cost and sizes stay comparable. */
const TARGET_CELLS = 160 * 120;
/** Above this the 16-bit lanes of the word sum would overflow. */
const MAX_WORD_BLOCK = 20;
/** Two bytes of a word, each with room for its sum. */
const LANES = 0xff00ff;
/** Above this the kernel's 16-bit sums would overflow. */
const MAX_KERNEL_BLOCK = 128;
/** A row may be this much longer than its pixels, or the plane has no room in the kernels' memory. */
const MOST_PADDING = 256;
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A frame's grid. */
export interface GridSize {
  readonly width: number;
  readonly height: number;
  /** A cell's side in pixels of the frame. Pixels right of and below the last whole cell are not read. */
  readonly block: number;
}

/** Reduces planes of one size. All arrays are made once. */
export interface LumaGrid extends GridSize {
  /** `width × height`, row-major: 16 × the mean luma of the cell, 0..4080. */
  readonly mean: Uint16Array;
  /** Fills `mean` from a plane of `stride` bytes a row. */
  reduce(luma: Uint8Array, stride: number): void;
}

/** The cell's side for a frame: whole pixels, a multiple of 4 from 4 on (whole words). */
function blockFor(width: number, height: number): number {
  const side = Math.max(1, Math.ceil(Math.sqrt((width * height) / TARGET_CELLS)));
  const block = side < 4 ? side : Math.ceil(side / 4) * 4;
  return Math.max(1, Math.min(block, width, height));
}

/** The grid for frames of `frameWidth × frameHeight` pixels, both at least 1. */
export function gridSize(frameWidth: number, frameHeight: number): GridSize {
  const block = blockFor(frameWidth, frameHeight);
  return { width: Math.floor(frameWidth / block), height: Math.floor(frameHeight / block), block };
}

/** Bytes of a plane that the kernels are to read. */
export function planeRoom(frameWidth: number, frameHeight: number): number {
  return (frameWidth + MOST_PADDING) * frameHeight;
}

/** Makes a grid for frames of `frameWidth × frameHeight` pixels, both at least 1. */
export function createLumaGrid(frameWidth: number, frameHeight: number, memory: PixelMemory): LumaGrid {
  const { width, height, block } = gridSize(frameWidth, frameHeight);
  const { kernels } = memory;
  const mean = memory.array(Uint16Array, width * height);
  const inWords = LITTLE_ENDIAN && (block === 2 ? (width & 1) === 0 : (block & 3) === 0 && block <= MAX_WORD_BLOCK);
  const inKernel = block === 2 || ((block & 3) === 0 && block <= MAX_KERNEL_BLOCK);
  const plane = memory.array(Uint8Array, kernels !== null && inKernel ? planeRoom(frameWidth, frameHeight) : 0);
  const line = memory.array(Uint32Array, (width * block) >> 2);
  let words: Uint32Array = new Uint32Array(0);
  let needed: Uint8Array = plane;

  /** Copies what is read of the plane. The view of a longer one is kept, since callers fill the same buffer again. */
  function take(luma: Uint8Array, bytes: number): void {
    if (luma.length === bytes) {
      plane.set(luma);
      return;
    }
    if (needed.buffer !== luma.buffer || needed.byteOffset !== luma.byteOffset || needed.length !== bytes) {
      needed = luma.subarray(0, bytes);
    }
    plane.set(needed);
  }

  function reduce(luma: Uint8Array, stride: number): void {
    const bytes = stride * (height * block - 1) + width * block;
    if (kernels !== null && bytes <= plane.length) {
      take(luma, bytes);
      const { byteOffset } = plane;
      if (block === 2) kernels.reduceByTwo(byteOffset, stride, width, height, mean.byteOffset);
      else if (block === 4) kernels.reduceByFour(byteOffset, stride, width, height, mean.byteOffset);
      else kernels.reduceByFours(byteOffset, stride, block, width, height, mean.byteOffset, line.byteOffset);
      return;
    }
    if (!inWords || ((luma.byteOffset | stride) & 3) !== 0) {
      reduceBytes(luma, stride, block, width, height, mean);
      return;
    }
    if (words.buffer !== luma.buffer) {
      words = new Uint32Array(luma.buffer, 0, luma.buffer.byteLength >> 2);
    }
    const offset = luma.byteOffset >> 2;
    if (block === 2) reduceByTwo(words, offset, stride >> 2, width, height, mean);
    else if (block === 4) reduceByFour(words, offset, stride >> 2, width, height, mean);
    else reduceWords(words, offset, stride >> 2, block, width, height, mean);
  }

  return { width, height, block, mean, reduce };
}

function reduceBytes(
  luma: Uint8Array,
  stride: number,
  block: number,
  width: number,
  height: number,
  mean: Uint16Array,
): void {
  const scale = 16 / (block * block);
  for (let row = 0, cell = 0; row < height; row++) {
    const top = row * block * stride;
    for (let column = 0; column < width; column++, cell++) {
      let sum = 0;
      for (let y = 0, line = top + column * block; y < block; y++, line += stride) {
        for (let x = 0; x < block; x++) sum += luma[line + x];
      }
      mean[cell] = sum * scale;
    }
  }
}

/*
 * Four pixels a read: the bytes of even and of odd address are summed in the two 16-bit halves of a word.
 * Offsets and strides below are in words.
 */

/** A word's halves are two cells. */
function reduceByTwo(
  words: Uint32Array,
  offset: number,
  stride: number,
  width: number,
  height: number,
  mean: Uint16Array,
): void {
  const across = width >> 1;
  for (let row = 0, cell = 0; row < height; row++) {
    let at = offset + 2 * row * stride;
    for (const end = at + across; at < end; at++, cell += 2) {
      const a = words[at] | 0;
      const b = words[at + stride] | 0;
      const lanes = (a & LANES) + ((a >>> 8) & LANES) + (b & LANES) + ((b >>> 8) & LANES);
      mean[cell] = (lanes & 0xffff) << 2;
      mean[cell + 1] = (lanes >>> 16) << 2;
    }
  }
}

/** A word's height of four rows is one cell. */
function reduceByFour(
  words: Uint32Array,
  offset: number,
  stride: number,
  width: number,
  height: number,
  mean: Uint16Array,
): void {
  for (let row = 0, cell = 0; row < height; row++) {
    let at = offset + 4 * row * stride;
    for (const end = at + width; at < end; at++, cell++) {
      const a = words[at] | 0;
      const b = words[at + stride] | 0;
      const c = words[at + 2 * stride] | 0;
      const d = words[at + 3 * stride] | 0;
      const even = (a & LANES) + (b & LANES) + (c & LANES) + (d & LANES);
      const odd = ((a >>> 8) & LANES) + ((b >>> 8) & LANES) + ((c >>> 8) & LANES) + ((d >>> 8) & LANES);
      const lanes = even + odd;
      mean[cell] = (lanes & 0xffff) + (lanes >>> 16);
    }
  }
}

function reduceWords(
  words: Uint32Array,
  offset: number,
  stride: number,
  block: number,
  width: number,
  height: number,
  mean: Uint16Array,
): void {
  const scale = 16 / (block * block);
  const across = block >> 2;
  for (let row = 0, cell = 0; row < height; row++) {
    const top = offset + row * block * stride;
    for (let column = 0; column < width; column++, cell++) {
      let lanes = 0;
      for (let y = 0, line = top + column * across; y < block; y++, line += stride) {
        for (let at = line, end = line + across; at < end; at++) {
          const four = words[at] | 0;
          lanes = (lanes + (four & LANES) + ((four >>> 8) & LANES)) | 0;
        }
      }
      mean[cell] = ((lanes & 0xffff) + (lanes >>> 16)) * scale;
    }
  }
}
