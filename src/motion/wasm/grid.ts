/** Enters a luma plane; leaves 16 × the mean of each of its blocks, 16 pixels a read (../shared/luma-grid.ts). */

/** Blocks of 2×2 pixels, eight a step. */
export function reduceByTwo(plane: usize, stride: i32, width: i32, height: i32, mean: usize): void {
  for (let row = 0; row < height; row++) {
    let at = plane + 2 * row * stride;
    let out = mean + 2 * row * width;
    const end = out + 2 * width;
    for (; out < end; at += 16, out += 16) {
      const sums = i16x8.add(pairs(at), pairs(at + stride));
      v128.store(out, i16x8.shl(sums, 2));
    }
  }
}

/** Blocks of 4×4 pixels, eight a step: their sum is 16 × their mean. */
export function reduceByFour(plane: usize, stride: i32, width: i32, height: i32, mean: usize): void {
  for (let row = 0; row < height; row++) {
    let at = plane + 4 * row * stride;
    let out = mean + 2 * row * width;
    const end = out + 2 * width;
    for (; out < end; at += 32, out += 16) {
      const low = i32x4.extadd_pairwise_i16x8_u(fourRows(at, stride));
      const high = i32x4.extadd_pairwise_i16x8_u(fourRows(at + 16, stride));
      v128.store(out, i16x8.narrow_i32x4_u(low, high));
    }
  }
}

/**
 * Blocks whose side is a multiple of 4, at most 128: sums of four pixels' width and the block's height first, in
 * `line` (uint32, a quarter of the row's pixels), then as many of these as a block is wide.
 */
export function reduceByFours(
  plane: usize,
  stride: i32,
  block: i32,
  width: i32,
  height: i32,
  mean: usize,
  line: usize,
): void {
  const scale: f64 = 16 / <f64>(block * block);
  for (let row = 0; row < height; row++) {
    const top = plane + row * block * stride;
    for (let x = 0; x < width * block; x += 16) {
      let sums = i16x8.splat(0);
      for (let y = 0; y < block; y++) sums = i16x8.add(sums, pairs(top + y * stride + x));
      v128.store(line + x, i32x4.extadd_pairwise_i16x8_u(sums));
    }
    let at = line;
    for (let column = 0; column < width; column++) {
      let sum: u32 = 0;
      for (const end = at + block; at < end; at += 4) sum += load<u32>(at);
      store<u16>(mean + 2 * (row * width + column), <u16>(<u32>(<f64>sum * scale)));
    }
  }
}

/** Sums of two pixels each. */
function pairs(at: usize): v128 {
  return i16x8.extadd_pairwise_i8x16_u(v128.load(at));
}

function fourRows(at: usize, stride: i32): v128 {
  const upper = i16x8.add(pairs(at), pairs(at + stride));
  return i16x8.add(upper, i16x8.add(pairs(at + 2 * stride), pairs(at + 3 * stride)));
}
