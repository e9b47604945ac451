/** Enters RGBA pixels; leaves their luma (ITU-R BT.601), for sources that give no luma plane. */
import { ARRAY_ROOM, createPixelMemory, type PixelMemory } from './pixel-memory.ts';

/**
 * Luma of `height` rows of `width` pixels, 0.299 R + 0.587 G + 0.114 B, row-major without padding. Rows of `rgba`
 * begin `stride` bytes apart. The answer is valid until the next call.
 * Throws a RangeError when `rgba` is shorter than that.
 */
export type RgbaLuma = (
  rgba: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  stride: number,
) => Uint8Array<ArrayBuffer>;

/** Makes a converter; its memory is made at the first picture of each size. */
export function createRgbaLuma(memory: PixelMemory = createPixelMemory()): RgbaLuma {
  let pixels = new Uint8Array(0);
  let luma = new Uint8Array(0);

  function changeSize(bytes: number, count: number): void {
    memory.reserve(bytes + count + 2 * ARRAY_ROOM);
    pixels = memory.array(Uint8Array, memory.kernels === null ? 0 : bytes);
    luma = memory.array(Uint8Array, count);
  }

  return (rgba, width, height, stride) => {
    const bytes = stride * (height - 1) + width * 4;
    if (rgba.length < bytes)
      throw new RangeError(`${rgba.length} bytes of RGBA hold fewer than ${width}×${height} pixels`);
    if (pixels.length !== rgba.length || luma.length !== width * height) changeSize(rgba.length, width * height);
    if (memory.kernels === null) {
      lumaOfRgba(rgba, width, height, stride, luma);
    } else {
      pixels.set(rgba);
      memory.kernels.lumaOfRgba(pixels.byteOffset, stride, width, height, luma.byteOffset);
    }
    return luma;
  };
}

function lumaOfRgba(
  rgba: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  stride: number,
  luma: Uint8Array,
): void {
  for (let row = 0, i = 0; row < height; row++) {
    let p = row * stride;
    for (const end = i + width; i < end; i++, p += 4) {
      luma[i] = (rgba[p] * 19595 + rgba[p + 1] * 38470 + rgba[p + 2] * 7471 + 32768) >> 16;
    }
  }
}
