import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRange } from './range.ts';

test('the examples of RFC 9110 § 14.1.2, of a file of 10000 bytes', () => {
  expect(parseRange('bytes=0-499', 10_000)).toEqual({ from: 0, to: 499 });
  expect(parseRange('bytes=500-999', 10_000)).toEqual({ from: 500, to: 999 });
  expect(parseRange('bytes=-500', 10_000)).toEqual({ from: 9500, to: 9999 });
  expect(parseRange('bytes=9500-', 10_000)).toEqual({ from: 9500, to: 9999 });
  expect(parseRange('bytes=0-', 10_000)).toEqual({ from: 0, to: 9999 });
});

test('past the end: cut to it, or unsatisfiable', () => {
  expect(parseRange('bytes=9000-20000', 10_000)).toEqual({ from: 9000, to: 9999 });
  expect(parseRange('bytes=-20000', 10_000)).toEqual({ from: 0, to: 9999 });
  expect(parseRange('bytes=10000-', 10_000)).toBe('unsatisfiable');
  expect(parseRange('bytes=-0', 10_000)).toBe('unsatisfiable');
  expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
});

test('none, another unit, several, upside down, nonsense: the whole file', () => {
  for (const field of [
    undefined,
    '',
    'bytes=-',
    'chapters=1-2',
    'bytes=0-1,5-6',
    'bytes=5-2',
    'bytes=a-b',
    'bytes 0-1',
  ])
    expect(parseRange(field, 100)).toBe('whole');
});

test('whatever is asked, no byte outside of the file', () => {
  const asked = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
    fc.nat().map((a) => `bytes=${a}-`),
    fc.nat().map((a) => `bytes=-${a}`),
  );
  fc.assert(
    fc.property(asked, fc.nat(5000), (field, size) => {
      const range = parseRange(field, size);
      if (typeof range === 'string') return;
      expect(range.from).toBeGreaterThanOrEqual(0);
      expect(range.from).toBeLessThanOrEqual(range.to);
      expect(range.to).toBeLessThan(size);
    }),
  );
});
