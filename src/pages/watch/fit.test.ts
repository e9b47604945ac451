/** Wall sizes from a phone to 4K: every tile as large as it can be, none too small to recognise anybody. */
import { expect, it } from 'vitest';
import { fitColumns } from './fit.ts';

it.each([
  [1, { width: 336, height: 640 }, 1],
  [3, { width: 336, height: 640 }, 1],
  [1, { width: 1392, height: 800 }, 1],
  [2, { width: 1392, height: 800 }, 2],
  [4, { width: 1392, height: 800 }, 2],
  [9, { width: 1392, height: 800 }, 3],
  [16, { width: 3800, height: 2000 }, 4],
])('%i cameras on %o', (count, room, columns) => {
  expect(fitColumns(count, room, 12).columns).toBe(columns);
});

it('never makes a tile wider than the room, nor higher where it is the only one', () => {
  for (const width of [200, 336, 700, 1392]) {
    const fit = fitColumns(1, { width, height: 800 }, 12);
    expect(fit.tileWidth).toBeLessThanOrEqual(width);
    expect(fit.tileWidth / (4 / 3)).toBeLessThanOrEqual(800);
  }
});
