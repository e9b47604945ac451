/** Enters frames as the 2013 system saw them; leaves its own value: what it called the percentage of change. */

/** A pixel counted as changed when its grey moved by more than this many levels. */
export const LEGACY_GREY_STEP = 0x15;
/** It divided by the count of bytes, four a pixel, where it meant pixels: hence values a quarter as high. */
export const LEGACY_DIVISOR = 4;
/** It alarmed above this value. */
export const LEGACY_ALARM = 2;

/** The 2013 value of each frame; the previous frame is the reference. */
export interface LegacyIndicator {
  /** Changed pixels ÷ all pixels ÷ 4 × 100, 0..25; 0 for the first frame and after a new size. */
  value(picture: Uint8Array | Uint8ClampedArray | Uint16Array): number;
  /** Whether the 2013 system would have alarmed on the newest frame. */
  readonly alarm: boolean;
}

/**
 * The value on one number a pixel. For the page it gets the detector's reduced grid (`LumaGrid.mean`,
 * `levelsPerGrey` 16) or its picture (1), which costs a sixteenth of the full plane; the mean over a
 * cell hides what is smaller than it, so the value is a little lower than the 2013 page's.
 */
export function createLegacyIndicator(levelsPerGrey = 1): LegacyIndicator {
  const step = LEGACY_GREY_STEP * levelsPerGrey;
  let previous = new Uint16Array(0);
  let newest = 0;

  function value(picture: Uint8Array | Uint8ClampedArray | Uint16Array): number {
    const first = previous.length !== picture.length;
    if (first) previous = new Uint16Array(picture.length);
    let changed = 0;
    for (let i = 0; i < picture.length; i++) {
      const off = picture[i] - previous[i];
      if (off > step || off < -step) changed++;
    }
    previous.set(picture);
    newest = first ? 0 : (changed / picture.length / LEGACY_DIVISOR) * 100;
    return newest;
  }

  return {
    value,
    get alarm() {
      return newest > LEGACY_ALARM;
    },
  };
}

/** The value on RGBA pixels, grey being the mean of red, green and blue, as the 2013 page computed it. */
export function createLegacyRgbaIndicator(): LegacyIndicator {
  let previous: Uint8Array | null = null;
  let newest = 0;

  function value(picture: Uint8Array | Uint8ClampedArray | Uint16Array): number {
    const first = previous === null || previous.length !== picture.length;
    previous ??= new Uint8Array(picture.length);
    if (previous.length !== picture.length) previous = new Uint8Array(picture.length);
    let changed = 0;
    for (let i = 0; i < picture.length; i += 4) {
      const now = (picture[i] + picture[i + 1] + picture[i + 2]) / 3;
      const before = (previous[i] + previous[i + 1] + previous[i + 2]) / 3;
      if (Math.abs(now - before) > LEGACY_GREY_STEP) changed++;
    }
    previous.set(picture);
    newest = first ? 0 : (changed / picture.length) * 100;
    return newest;
  }

  return {
    value,
    get alarm() {
      return newest > LEGACY_ALARM;
    },
  };
}
