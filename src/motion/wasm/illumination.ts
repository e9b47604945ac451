/** Enters each cell's change of log luma; leaves the part of it that is light, a row of a block a step (../shared/illumination.ts). */

/** A block's side in cells is 8, its histogram has 64 bins of 64 steps, of which half lie below 0. */
const UNKNOWN: i32 = 32767;
const TRIM: i16 = 96;

/**
 * `median`: int16, (across + 2) × (down + 2) blocks, its border UNKNOWN. `robust`, `smooth`: int16, a block each.
 * `scratch`: 160 bytes, or an int32 for each block across and two more. Answers the gain.
 */
export function estimate(
  change: usize,
  object: usize,
  width: i32,
  height: i32,
  across: i32,
  down: i32,
  gain: i32,
  median: usize,
  robust: usize,
  smooth: usize,
  scratch: usize,
  field: usize,
): i32 {
  for (let row = 0; row < down; row++) {
    const out = median + 2 * ((row + 1) * (across + 2) + 1);
    for (let column = 0; column < across; column++) {
      const cell = 8 * (row * width + column);
      const columns = min(8, width - 8 * column);
      const rows = min(8, height - 8 * row);
      store<i16>(out + 2 * column, <i16>blockMean(change + 2 * cell, object + cell, width, columns, rows));
    }
  }
  rejectObjects(median, robust, across, down, gain, scratch);
  const newGain = middleOf(robust, across * down);
  soften(robust, smooth, across, down);
  interpolate(smooth, across, down, width, height, scratch, field);
  return newGain;
}

function blockMean(change: usize, object: usize, width: i32, columns: i32, rows: i32): i32 {
  const inside = i16x8.gt_s(i16x8.splat(<i16>columns), i16x8(0, 1, 2, 3, 4, 5, 6, 7));
  const upper = twoRows(change, object, width, inside, rows > 2);
  const lower = rows > 4 ? twoRows(change + 8 * width, object + 4 * width, width, inside, rows > 6) : i8x16.splat(127);
  const counted = countBelow(upper, 127) + countBelow(lower, 127);
  if (8 * counted < columns * rows) return UNKNOWN;
  const half = (counted + 1) >> 1;
  let bin = 0;
  for (let step = 32; step > 0; step >>= 1) {
    if (countBelow(upper, bin + step) + countBelow(lower, bin + step) < half) bin += step;
  }
  const middle = (bin << 6) + 32 - 2048;
  const middles = i16x8.splat(<i16>middle);
  let sums = i16x8.splat(0);
  let counts = i16x8.splat(0);
  for (let row = 0; row < rows; row++) {
    const off = i16x8.sub(v128.load(change + 2 * row * width), middles);
    const free = i16x8.eq(v128.load8x8_u(object + row * width), i16x8.splat(0));
    const near = i16x8.lt_s(i16x8.abs(off), i16x8.splat(TRIM));
    const used = v128.and(v128.and(free, near), inside);
    sums = i16x8.add(sums, v128.and(off, used));
    counts = i16x8.sub(counts, used);
  }
  const count = addUp(counts);
  if (count === 0) return middle;
  return middle + <i32>floor<f64>(<f64>addUp(sums) / <f64>count + 0.5);
}

/** The bins of a row and of the next but one, 0..63; 127 where a cell has no say. */
function twoRows(change: usize, object: usize, width: i32, inside: v128, both: bool): v128 {
  const next = 2 * width;
  const first = bins(v128.load(change));
  const second = both ? bins(v128.load(change + 2 * next)) : first;
  const firstFree = v128.and(i16x8.eq(v128.load8x8_u(object), i16x8.splat(0)), inside);
  const secondFree = both ? v128.and(i16x8.eq(v128.load8x8_u(object + next), i16x8.splat(0)), inside) : i16x8.splat(0);
  const free = i8x16.narrow_i16x8_s(firstFree, secondFree);
  return v128.bitselect(i8x16.narrow_i16x8_s(first, second), i8x16.splat(127), free);
}

function bins(change: v128): v128 {
  const bin = i16x8.shr_s(i16x8.add(change, i16x8.splat(2048)), 6);
  return i16x8.min_s(i16x8.splat(63), i16x8.max_s(i16x8.splat(0), bin));
}

function countBelow(bytes: v128, limit: i32): i32 {
  return popcnt(i8x16.bitmask(i8x16.lt_s(bytes, i8x16.splat(<i8>limit))));
}

function addUp(lanes: v128): i32 {
  const four = i32x4.extadd_pairwise_i16x8_s(lanes);
  return (
    i32x4.extract_lane(four, 0) +
    i32x4.extract_lane(four, 1) +
    i32x4.extract_lane(four, 2) +
    i32x4.extract_lane(four, 3)
  );
}

/** The median of each block and its eight neighbours, of eight blocks at once; `nine` holds the sorted vectors. */
function rejectObjects(median: usize, robust: usize, across: i32, down: i32, gain: i32, nine: usize): void {
  const line = 2 * (across + 2);
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column += 8) {
      const from = median + row * line + 2 * column;
      const unknown = gather(from, line, nine);
      sortNine(nine);
      const out = robust + 2 * (row * across + column);
      v128.store(out, v128.load(nine, 4 * 16));
      if (!v128.any_true(unknown)) continue;
      v128.store(nine, unknown, 9 * 16);
      for (let lane = 0; lane < min(8, across - column); lane++) {
        const n = 9 - <i32>load<i16>(nine + 9 * 16 + 2 * lane);
        const one = nine + 2 * lane;
        const value =
          n === 0 ? gain : (<i32>load<i16>(one + 16 * ((n - 1) >> 1)) + <i32>load<i16>(one + 16 * (n >> 1))) >> 1;
        store<i16>(out + 2 * lane, <i16>value);
      }
    }
  }
}

/** Copies three rows of three to `nine`; answers how many of them are unknown. */
function gather(from: usize, line: i32, nine: usize): v128 {
  const unknown = i16x8.splat(<i16>UNKNOWN);
  let count = i16x8.splat(0);
  for (let y = 0; y < 3; y++) {
    for (let x = 0; x < 3; x++) {
      const value = v128.load(from + y * line + 2 * x);
      v128.store(nine + 16 * (3 * y + x), value);
      count = i16x8.sub(count, i16x8.eq(value, unknown));
    }
  }
  return count;
}

/** Sorts nine in 25 exchanges, the fewest that always do (a sorting network); the unknown come last. */
function sortNine(nine: usize): void {
  exchange(nine, 0, 3);
  exchange(nine, 1, 7);
  exchange(nine, 2, 5);
  exchange(nine, 4, 8);
  exchange(nine, 0, 7);
  exchange(nine, 2, 4);
  exchange(nine, 3, 8);
  exchange(nine, 5, 6);
  exchange(nine, 0, 2);
  exchange(nine, 1, 3);
  exchange(nine, 4, 5);
  exchange(nine, 7, 8);
  exchange(nine, 1, 4);
  exchange(nine, 3, 6);
  exchange(nine, 5, 7);
  exchange(nine, 0, 1);
  exchange(nine, 2, 4);
  exchange(nine, 3, 5);
  exchange(nine, 6, 8);
  exchange(nine, 2, 3);
  exchange(nine, 4, 5);
  exchange(nine, 6, 7);
  exchange(nine, 1, 2);
  exchange(nine, 3, 4);
  exchange(nine, 5, 6);
}

function exchange(nine: usize, a: i32, b: i32): void {
  const one = v128.load(nine + 16 * a);
  const other = v128.load(nine + 16 * b);
  v128.store(nine + 16 * a, i16x8.min_s(one, other));
  v128.store(nine + 16 * b, i16x8.max_s(one, other));
}

/** The value that half of `count` lie below, bit by bit from the top. */
function middleOf(values: usize, count: i32): i32 {
  const below = count >> 1;
  for (let i = count; i < ((count + 7) & ~7); i++) store<i16>(values + 2 * i, 32767);
  let value = -32768;
  for (let step = 32768; step > 0; step >>= 1) {
    const limit = i16x8.splat(<i16>(value + step));
    let counts = i16x8.splat(0);
    for (let i = 0; i < count; i += 8) counts = i16x8.sub(counts, i16x8.lt_s(v128.load(values + 2 * i), limit));
    if (addUp(counts) <= below) value += step;
  }
  return value;
}

function soften(robust: usize, smooth: usize, across: i32, down: i32): void {
  for (let row = 0; row < down; row++) {
    const up = row > 0 ? across : 0;
    const below = row < down - 1 ? across : 0;
    for (let column = 0; column < across; column++) {
      const b = row * across + column;
      const left = column > 0 ? 1 : 0;
      const right = column < across - 1 ? 1 : 0;
      const sides = at(robust, b - left) + at(robust, b + right) + at(robust, b - up) + at(robust, b + below);
      store<i16>(smooth + 2 * b, <i16>((4 * at(robust, b) + sides) >> 3));
    }
  }
}

function at(values: usize, i: i32): i32 {
  return load<i16>(values + 2 * i);
}

/** `line`: int32, the blocks of a row at the height of the row of cells at hand, one more at either side. */
function interpolate(smooth: usize, across: i32, down: i32, width: i32, height: i32, line: usize, field: usize): void {
  const lanes = i32x4(0, 1, 2, 3);
  for (let row = 0; row < height; row++) {
    const y = 2 * row - 7;
    const above = y >> 4;
    const weight = y & 15;
    const upper = max(0, above) * across;
    const lower = min(down - 1, above + 1) * across;
    for (let x = 0; x < across; x++) {
      store<i32>(line + 4 * (x + 1), at(smooth, upper + x) * (16 - weight) + at(smooth, lower + x) * weight);
    }
    store<i32>(line, load<i32>(line, 4));
    store<i32>(line + 4 * (across + 1), load<i32>(line + 4 * across));
    const out = field + 2 * row * width;
    v128.store(out, i16x8.splat(<i16>(load<i32>(line) >> 4)));
    for (let x = 1, column = 4; x <= across && column < width; x++, column += 8) {
      const here = load<i32>(line + 4 * x);
      const step = (load<i32>(line + 4 * (x + 1)) - here) >> 3;
      const low = i32x4.add(i32x4.splat(here + (step >> 1)), i32x4.mul(lanes, i32x4.splat(step)));
      const high = i32x4.add(low, i32x4.splat(4 * step));
      v128.store(out + 2 * column, i16x8.narrow_i32x4_s(i32x4.shr_s(low, 4), i32x4.shr_s(high, 4)));
    }
  }
}
