/** Enters RGBA pixels; leaves their luma, 16 pixels a step (../shared/rgba-luma.ts). */

const GREEN: i16 = <i16>(38470 - 65536);

/** Rows of `stride` bytes become rows of `width` bytes. */
export function lumaOfRgba(rgba: usize, stride: i32, width: i32, height: i32, luma: usize): void {
  for (let row = 0; row < height; row++) {
    let at = rgba + row * stride;
    let out = luma + row * width;
    const end = out + width;
    for (; out < end; at += 64, out += 16) {
      const low = i16x8.narrow_i32x4_u(four(at), four(at + 16));
      const high = i16x8.narrow_i32x4_u(four(at + 32), four(at + 48));
      v128.store(out, i8x16.narrow_i16x8_u(low, high));
    }
  }
}

/** 0.299 R + 0.587 G + 0.114 B in 1/65536. Green's weight has no room in 16 bits with a sign: it is less by one, and green added. */
function four(at: usize): v128 {
  const weights = i16x8(19595, GREEN, 7471, 0, 19595, GREEN, 7471, 0);
  const pixels = v128.load(at);
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(pixels), weights);
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(pixels), weights);
  const redGreen = v128.shuffle<i32>(low, high, 0, 2, 4, 6);
  const blue = v128.shuffle<i32>(low, high, 1, 3, 5, 7);
  const green = v128.and(i32x4.shr_u(pixels, 8), i32x4.splat(0xff));
  const sum = i32x4.add(i32x4.add(redGreen, blue), i32x4.splat(32768));
  return i32x4.add(i32x4.shr_s(sum, 16), green);
}
