/** Enters cells of luma and the model's arrays; leaves what compares and learns them, eight cells a step (../shared/background-model.ts). */

/** `table`: by 16 × luma, the logarithm in the lower half of a uint32 and the least spread in the upper. */
export function lookUp(
  luma: usize,
  table: usize,
  mean: usize,
  cells: i32,
  log: usize,
  least: usize,
  change: usize,
): void {
  const lower = i32x4.splat(0xffff);
  for (let i = 0; i < cells; i += 8) {
    const a = fourEntries(luma + 2 * i, table);
    const b = fourEntries(luma + 2 * i + 8, table);
    const value = i16x8.narrow_i32x4_s(v128.and(a, lower), v128.and(b, lower));
    const background = i16x8.narrow_i32x4_s(
      i32x4.shr_s(v128.load(mean + 4 * i), 6),
      i32x4.shr_s(v128.load(mean + 4 * i, 16), 6),
    );
    v128.store(log + 2 * i, value);
    v128.store(least + 2 * i, i16x8.narrow_i32x4_u(i32x4.shr_u(a, 16), i32x4.shr_u(b, 16)));
    v128.store(change + 2 * i, i16x8.sub(value, background));
  }
}

function fourEntries(luma: usize, table: usize): v128 {
  let entries = v128.load32_zero(table + 4 * <usize>load<u16>(luma));
  entries = v128.load32_lane(table + 4 * <usize>load<u16>(luma, 2), entries, 1);
  entries = v128.load32_lane(table + 4 * <usize>load<u16>(luma, 4), entries, 2);
  return v128.load32_lane(table + 4 * <usize>load<u16>(luma, 6), entries, 3);
}

/** `loudest`: the limit of `deviation`. */
export function deviate(
  change: usize,
  field: usize,
  spread: usize,
  least: usize,
  cells: i32,
  loudest: i32,
  residual: usize,
  deviation: usize,
): void {
  const most = i16x8.splat(<i16>loudest);
  const fewest = i16x8.splat(<i16>-loudest);
  for (let i = 0; i < cells; i += 8) {
    const off = i16x8.sub(v128.load(change + 2 * i), v128.load(field + 2 * i));
    const floor = v128.load(least + 2 * i);
    const low = quotient(
      i32x4.extend_low_i16x8_s(off),
      i32x4.max_s(v128.load(spread + 4 * i), i32x4.extend_low_i16x8_u(floor)),
    );
    const high = quotient(
      i32x4.extend_high_i16x8_s(off),
      i32x4.max_s(v128.load(spread + 4 * i, 16), i32x4.extend_high_i16x8_u(floor)),
    );
    v128.store(residual + 2 * i, off);
    v128.store(deviation + 2 * i, i16x8.min_s(most, i16x8.max_s(fewest, i16x8.narrow_i32x4_s(low, high))));
  }
}

/** `off` × 4096 ÷ (5 × `spread`), each side exact, the quotient rounded to 24 bits and cut. */
function quotient(off: v128, spread: v128): v128 {
  const five = i32x4.add(spread, i32x4.shl(spread, 2));
  const ratio = f32x4.div(f32x4.convert_i32x4_s(i32x4.shl(off, 12)), f32x4.convert_i32x4_s(five));
  return i32x4.trunc_sat_f32x4_s(ratio);
}

/** Counts the deviations of every `step`th cell in `histogram` (uint32); answers how many of these cells are restless. */
export function countNoise(
  deviation: usize,
  spread: usize,
  least: usize,
  cells: i32,
  step: i32,
  histogram: usize,
): i32 {
  let restless = 0;
  for (let i = 0; i < cells; i += step) {
    const z = <i32>load<i16>(deviation + 2 * i);
    const bin = histogram + 4 * (z < 0 ? -z : z);
    store<u32>(bin, load<u32>(bin) + 1);
    restless += <i32>(load<i32>(spread + 4 * i) > 2 * <i32>load<u16>(least + 2 * i));
  }
  return restless;
}

/** `rates`: four of 16 bits, by manner; `held`: the manner that leaves the spread as it is. */
export function learn(
  residual: usize,
  field: usize,
  manner: usize,
  rates: usize,
  held: i32,
  light: i32,
  up: i32,
  down: i32,
  cells: i32,
  mean: usize,
  spread: usize,
): void {
  const table = v128.load64_zero(rates);
  const twice = i16x8.splat(0x0202);
  const bytes = i16x8.splat(0x0100);
  const lights = i16x8.splat(<i16>light);
  const ups = i32x4.splat(up);
  const downs = i32x4.splat(down);
  const helds = i16x8.splat(<i16>held);
  for (let i = 0; i < cells; i += 8) {
    const off = v128.load(residual + 2 * i);
    const lit = v128.load(field + 2 * i);
    const manners = v128.load8x8_u(manner + i);
    const follow = i8x16.swizzle(table, i16x8.add(i16x8.mul(manners, twice), bytes));
    const unheld = i16x8.ne(manners, helds);
    const at = mean + 4 * i;
    const low = i32x4.add(i32x4.extmul_low_i16x8_s(off, follow), i32x4.extmul_low_i16x8_s(lit, lights));
    const high = i32x4.add(i32x4.extmul_high_i16x8_s(off, follow), i32x4.extmul_high_i16x8_s(lit, lights));
    v128.store(at, moved(v128.load(at), low));
    v128.store(at, moved(v128.load(at, 16), high), 16);
    const size = i16x8.abs(off);
    const to = spread + 4 * i;
    const near = i32x4.extend_low_i16x8_s(size);
    const far = i32x4.extend_high_i16x8_s(size);
    v128.store(to, spreadAfter(v128.load(to), near, i32x4.extend_low_i16x8_s(unheld), ups, downs));
    v128.store(to, spreadAfter(v128.load(to, 16), far, i32x4.extend_high_i16x8_s(unheld), ups, downs), 16);
  }
}

function moved(mean: v128, step: v128): v128 {
  return i32x4.add(mean, i32x4.shr_s(i32x4.add(step, i32x4.splat(32)), 6));
}

function spreadAfter(spread: v128, off: v128, unheld: v128, ups: v128, downs: v128): v128 {
  const more = i32x4.sub(i32x4.shl(off, 6), spread);
  const rates = v128.bitselect(ups, downs, i32x4.gt_s(more, i32x4.splat(0)));
  const step = i32x4.shr_s(i32x4.add(i32x4.mul(more, rates), i32x4.splat(2048)), 12);
  return i32x4.add(spread, v128.and(step, unheld));
}
