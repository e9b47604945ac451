/** Enters the cells' deviations; leaves the runs of foreground cells, row by row, 16 cells a step (../shared/regions.ts). */

/**
 * Runs of cells whose 3×3 sum is at least `limit` or at most −`limit`. `sums`: int16, a row with 8 cells before and 16
 * after. `runRow`, `runStart`, `runEnd`: int16. Answers how many there are.
 */
export function findRuns(
  deviation: usize,
  width: i32,
  height: i32,
  limit: i32,
  sums: usize,
  runRow: usize,
  runStart: usize,
  runEnd: usize,
): i32 {
  const line = sums + 16;
  let runs = 0;
  v128.store(sums, i16x8.splat(0));
  for (let row = 0; row < height; row++) {
    addRows(deviation, width, height, row, line);
    let start = -1;
    for (let column = 0; column < width; column += 16) {
      const from = line + 2 * column;
      let word: u32 = i8x16.bitmask(i8x16.narrow_i16x8_s(beyond(from, limit), beyond(from + 16, limit)));
      const left = width - column;
      if (left < 16) word &= (1 << left) - 1;
      if (word === 0 && start < 0) continue;
      for (let bit = 0; ; ) {
        if (start < 0) {
          const rest = word >> bit;
          if (rest === 0) break;
          bit += ctz(rest);
          start = column + bit;
        }
        const holes = (~word & 0xffff) >> bit;
        if (holes === 0) break;
        bit += ctz(holes);
        store<i16>(runRow + 2 * runs, <i16>row);
        store<i16>(runStart + 2 * runs, <i16>start);
        store<i16>(runEnd + 2 * runs, <i16>(column + bit - 1));
        runs++;
        start = -1;
      }
    }
    if (start < 0) continue;
    store<i16>(runRow + 2 * runs, <i16>row);
    store<i16>(runStart + 2 * runs, <i16>start);
    store<i16>(runEnd + 2 * runs, <i16>(width - 1));
    runs++;
  }
  return runs;
}

/** The sums over a row and those above and below it, zero right of them. */
function addRows(deviation: usize, width: i32, height: i32, row: i32, line: usize): void {
  const here = deviation + 2 * row * width;
  const above = row > 0;
  const below = row < height - 1;
  for (let column = 0; column < width; column += 8) {
    const at = here + 2 * column;
    let sum = v128.load(at);
    if (above) sum = i16x8.add(sum, v128.load(at - 2 * width));
    if (below) sum = i16x8.add(sum, v128.load(at + 2 * width));
    v128.store(line + 2 * column, sum);
  }
  v128.store(line + 2 * width, i16x8.splat(0));
}

function beyond(at: usize, limit: i32): v128 {
  const sum = i16x8.add(i16x8.add(v128.load(at - 2), v128.load(at)), v128.load(at + 2));
  return i16x8.ge_s(i16x8.abs(sum), i16x8.splat(<i16>limit));
}
