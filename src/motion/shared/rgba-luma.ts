/** Enters RGBA pixels; leaves their luma (ITU-R BT.601), for sources that give no luma plane. */

/**
 * Writes `luma.length` pixels' luma: 0.299 R + 0.587 G + 0.114 B.
 * Throws a RangeError when `rgba` holds fewer pixels than that.
 */
export function lumaOfRgba(rgba: Uint8Array | Uint8ClampedArray, luma: Uint8Array): void {
  if (rgba.length < luma.length * 4) {
    throw new RangeError(`${rgba.length} bytes of RGBA hold fewer than ${luma.length} pixels`);
  }
  for (let i = 0, p = 0; i < luma.length; i++, p += 4) {
    luma[i] = (rgba[p] * 19595 + rgba[p + 1] * 38470 + rgba[p + 2] * 7471 + 32768) >> 16;
  }
}
