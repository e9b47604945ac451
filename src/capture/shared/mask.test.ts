import fc from 'fast-check';
import { expect, test } from 'vitest';
import { burnMask, type Mask, maskSpans, type Plane } from './mask.ts';

const luma = (stride: number): Plane => ({ offset: 0, stride, sampleBytes: 1, subsampling: 1, black: [0] });

function inside(mask: Mask, x: number, y: number): boolean {
  let odd = false;
  mask.forEach((a, i) => {
    const b = mask[(i + 1) % mask.length] ?? a;
    if (a.y <= y !== b.y <= y && x < a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y)) odd = !odd;
  });
  return odd;
}

test('every pixel whose middle lies in a mask is black, whatever the polygon', () => {
  const point = fc.record({
    x: fc.double({ min: 0, max: 1, noNaN: true }),
    y: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(point, { minLength: 3, maxLength: 8 }), (mask) => {
      const [width, height] = [32, 24];
      const data = new Uint8Array(width * height).fill(200);
      burnMask(data, [luma(width)], maskSpans([mask], width, height));
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          if (inside(mask, (x + 0.5) / width, (y + 0.5) / height)) expect(data[y * width + x]).toBe(0);
    }),
  );
});

test('a mask leaves the rest of the picture as it is, but for one pixel about it', () => {
  const [width, height] = [40, 40];
  const data = new Uint8Array(width * height).fill(200);
  const square: Mask = [
    { x: 0.25, y: 0.25 },
    { x: 0.75, y: 0.25 },
    { x: 0.75, y: 0.75 },
    { x: 0.25, y: 0.75 },
  ];
  burnMask(data, [luma(width)], maskSpans([square], width, height));
  const black = (x: number, y: number) => data[y * width + x] === 0;
  expect(black(10, 10) && black(29, 29)).toBe(true);
  for (let i = 0; i < 40; i++)
    expect([black(i, 7), black(i, 32), black(7, i), black(32, i)]).toEqual([false, false, false, false]);
});

test('a sliver thinner than a pixel still blackens what it touches', () => {
  const data = new Uint8Array(100).fill(200);
  const sliver: Mask = [
    { x: 0.1, y: 0.52 },
    { x: 0.9, y: 0.52 },
    { x: 0.9, y: 0.525 },
  ];
  burnMask(data, [luma(10)], maskSpans([sliver], 10, 10));
  for (let x = 1; x < 9; x++) expect(data[50 + x]).toBe(0);
});

test('chroma of 4:2:0 and interleaved planes lose their colour under a mask of one odd pixel', () => {
  const planes: Plane[] = [luma(4), { offset: 16, stride: 4, sampleBytes: 2, subsampling: 2, black: [128, 128] }];
  const data = new Uint8Array(24).fill(200);
  burnMask(data, planes, [{ row: 1, start: 1, end: 2 }]);
  expect([...data.subarray(4, 8)]).toEqual([200, 0, 200, 200]);
  expect([...data.subarray(16)]).toEqual([128, 128, 200, 200, 200, 200, 200, 200]);
});

test('no masks, no spans', () => {
  expect(maskSpans([], 640, 480)).toEqual([]);
});
