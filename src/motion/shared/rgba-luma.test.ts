import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPixelMemory } from './pixel-memory.ts';
import { createRgbaLuma } from './rgba-luma.ts';

const converters = [createRgbaLuma(), createRgbaLuma(createPixelMemory(true))];

test('is BT.601, the same with kernels and without, at any size and length of a row', () => {
  const side = fc.integer({ min: 1, max: 90 });
  fc.assert(
    fc.property(side, side, fc.integer({ min: 0, max: 9 }), fc.nat(), (width, height, padding, seed) => {
      const stride = 4 * width + padding;
      const rgba = Uint8Array.from({ length: stride * height }, (_, i) => Math.imul(i + seed, 2654435761) >>> 24);
      const expected = Uint8Array.from({ length: width * height }, (_, i) => {
        const p = Math.floor(i / width) * stride + (i % width) * 4;
        return (rgba[p] * 19595 + rgba[p + 1] * 38470 + rgba[p + 2] * 7471 + 32768) >> 16;
      });
      for (const lumaOf of converters) expect(lumaOf(rgba, width, height, stride)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('white is 255, black 0, padding at the end of a row is not read', () => {
  const rgba = new Uint8Array([255, 255, 255, 255, 9, 9, 9, 9, 0, 0, 0, 255]);
  for (const lumaOf of converters) expect([...lumaOf(rgba, 1, 2, 8)]).toEqual([255, 0]);
});

test('refuses fewer pixels than asked for', () => {
  for (const lumaOf of converters) expect(() => lumaOf(new Uint8Array(15), 2, 2, 8)).toThrow(RangeError);
});
