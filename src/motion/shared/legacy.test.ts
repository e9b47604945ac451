import { describe, expect, it } from 'vitest';
import { createLegacyIndicator, createLegacyRgbaIndicator } from './legacy.ts';

const PIXELS = 1000;

/** A grey picture of which the first `count` pixels have another grey. */
function picture(count: number, grey: number, bytes: 1 | 4): Uint8Array {
  return Uint8Array.from({ length: PIXELS * bytes }, (_, i) =>
    bytes === 4 && i % 4 === 3 ? 255 : i < count * bytes ? grey : 100,
  );
}

describe('the 2013 value', () => {
  for (const [name, make, bytes] of [
    ['on luma', createLegacyIndicator, 1],
    ['on RGBA', createLegacyRgbaIndicator, 4],
  ] as const) {
    it(`${name}: a quarter of the changed percentage, against the frame before`, () => {
      const indicator = make();
      expect(indicator.value(picture(0, 0, bytes))).toBe(0);
      expect(indicator.value(picture(100, 122, bytes))).toBe(2.5);
      expect(indicator.alarm).toBe(true);
      expect(indicator.value(picture(100, 122, bytes))).toBe(0);
      expect(indicator.alarm).toBe(false);
    });

    it(`${name}: a step of 21 is no change, and 2 is no alarm`, () => {
      const indicator = make();
      indicator.value(picture(0, 0, bytes));
      expect(indicator.value(picture(500, 121, bytes))).toBe(0);
      indicator.value(picture(0, 0, bytes));
      expect(indicator.value(picture(80, 200, bytes))).toBe(2);
      expect(indicator.alarm).toBe(false);
    });
  }

  it('starts anew with another size', () => {
    const indicator = createLegacyIndicator();
    indicator.value(new Uint8Array(100));
    expect(indicator.value(new Uint8Array(200).fill(255))).toBe(0);
  });

  it('works on cells of 16 levels a grey', () => {
    const indicator = createLegacyIndicator(16);
    indicator.value(new Uint16Array(4).fill(1600));
    expect(indicator.value(Uint16Array.of(1600, 1600 + 21 * 16, 1600 + 22 * 16, 1600))).toBe(6.25);
  });
});
