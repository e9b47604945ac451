import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLumaGrid, type LumaGrid, planeRoom } from './luma-grid.ts';
import { ARRAY_ROOM, createPixelMemory } from './pixel-memory.ts';

function makeGrid(width: number, height: number, plain: boolean): LumaGrid {
  const memory = createPixelMemory(plain);
  memory.reserve(planeRoom(width, height) + 2 * width * height + 4 * width + 3 * ARRAY_ROOM);
  return createLumaGrid(width, height, memory);
}

/** The definition: the mean of the block's pixels × 16, cut to a whole number. */
function meanOf(luma: Uint8Array, stride: number, block: number, column: number, row: number): number {
  let sum = 0;
  for (let y = 0; y < block; y++) {
    for (let x = 0; x < block; x++) sum += luma[(row * block + y) * stride + column * block + x];
  }
  return Math.floor(sum * (16 / (block * block)));
}

describe.each([
  ['with kernels', false],
  ['plain', true],
])('luma grid, %s', (_name, plain) => {
  it('is the mean of each block at any size, stride and alignment', () => {
    const side = fc.integer({ min: 1, max: 900 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 0, max: 8 }),
        fc.integer({ min: 0, max: 4 }),
        (width, height, padding, offset) => {
          const stride = width + padding;
          const buffer = Uint8Array.from({ length: stride * height + offset }, (_, i) => (i * 2654435761) >>> 24);
          const luma = buffer.subarray(offset);
          const grid = makeGrid(width, height, plain);
          grid.reduce(luma, stride);
          for (const [column, row] of [
            [0, 0],
            [grid.width - 1, 0],
            [grid.width >> 1, grid.height >> 1],
            [grid.width - 1, grid.height - 1],
          ]) {
            expect(grid.mean[row * grid.width + column]).toBe(meanOf(luma, stride, grid.block, column, row));
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('has about as many cells for every camera', () => {
    for (const [width, height] of [
      [320, 240],
      [640, 480],
      [640, 360],
      [1280, 720],
      [1920, 1080],
      [1080, 1920],
    ]) {
      const grid = makeGrid(width, height, plain);
      expect(grid.width * grid.height).toBeGreaterThan(8_000);
      expect(grid.width * grid.height).toBeLessThanOrEqual(19_200);
      expect(grid.mean.length).toBe(grid.width * grid.height);
    }
  });

  it('does not overflow on white at 4K', () => {
    const grid = makeGrid(3840, 2160, plain);
    grid.reduce(new Uint8Array(3840 * 2160).fill(255), 3840);
    expect(grid.mean.every((value) => value === 4080)).toBe(true);
  });
});
