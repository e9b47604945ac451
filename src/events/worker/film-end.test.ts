import { expect, test } from 'vitest';
import { emptyPart } from './film-end.ts';

/** What the server reads of a part to tell what it is. */
const SNIFFED_BYTES = 8;

test('an MP4 ends with a box of nothing', () => {
  expect(new TextDecoder().decode(emptyPart('video/mp4'))).toBe('\0\0\0\bfree');
});

test('a WebM ends with an element of nothing that fills its own length', () => {
  const [id, size = 0, ...rest] = emptyPart('video/webm');
  expect([id, size & 0x80, size & 0x7f]).toEqual([0xec, 0x80, rest.length]);
  expect(2 + rest.length).toBeGreaterThanOrEqual(SNIFFED_BYTES);
});
