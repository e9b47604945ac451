/** Enters regions and the model; leaves, for each region, what tells an object from light and from sway. */
import type { BackgroundModel } from './background-model.ts';
import { LOG_LUMA } from './log-luma.ts';
import { MAX_REGIONS, type Regions } from './regions.ts';

/** Two differences of two cells each: the noise in a gradient's square, in sigma². */
const GRADIENT_NOISE = 4;
/** Spread (mean absolute deviation × 64) per sigma in log steps: 64 ÷ 1.25. */
const SPREAD_OF_SIGMA = 51.2;
/** The noise that a cell adds to the gradients, of its spread's square. */
const NOISE_OF_SPREAD = GRADIENT_NOISE / (SPREAD_OF_SIGMA * SPREAD_OF_SIGMA);
/** How far around a cell its gradient reads: one cell, and two and the half of a mean. */
const FINE_MARGIN = 1;
const COARSE_MARGIN = 3;
/** A region's border may lie this far outside of its cells, where its 3×3 sums fall off. */
const BORDER_CELLS = 2;
/** How far foliage and shaking cameras move what they move, in cells. */
const SWAY_CELLS = 2;
/** Larger regions than this share of the picture are not asked whether they sway. */
export const ASKED_RATIO = 0.04;
/** Nine cells count as come from nearby when their mean is this close to a background there, in sigmas of such a mean… */
const SAME_SIGMAS = 2;
const CLOSE_OF_SPREAD = (SAME_SIGMAS * 64) / (3 * SPREAD_OF_SIGMA);
/** …or in log steps (1 %). */
const SAME_STEPS = 10;
/** From this share of noise in the gradients on, means of 3×3 cells are measured instead of cells. */
const NOISY_SHARE = 0.5;
/** That is the sensor's noise only where nearly all cells are restless, and the picture is dark: 32 of 255. */
const NOISY_SENSOR_SHARE = 0.95;
const DARK_LOG = LOG_LUMA[32 * 16];
/** Of regions larger than this, every other row says enough. */
const MANY_CELLS = 200;
/** More cells than this of a noisy region say no more. */
const MOST_COARSE_CELLS = 600;

/** Measures of the newest frame's regions, by region index. */
export interface Evidence {
  /** 0..1: the share of the picture's gradients that the background's own, brighter or darker, do not explain. */
  readonly novelty: Float32Array;
  /** Unexplained gradient energy ÷ energy of the change: borders of things are high, soft light is low. */
  readonly sharpness: Float32Array;
  /** 0..1: the share of cells that look like the background a cell or two away; 0 for what is too large to sway. */
  readonly sway: Float32Array;
  /** 1 where the measures were taken on means of 3×3 cells, because of the sensor's noise. */
  readonly noisy: Uint8Array;
  /** Measures all regions. */
  measure(regions: Regions, model: BackgroundModel): void;
}

/** Makes the measure for a grid of `width × height` cells. */
export function createEvidence(width: number, height: number): Evidence {
  const novelty = new Float32Array(MAX_REGIONS);
  const sharpness = new Float32Array(MAX_REGIONS);
  const sway = new Float32Array(MAX_REGIONS);
  const cells = new Int32Array(MAX_REGIONS);
  const change = new Float64Array(MAX_REGIONS);
  const now = new Float64Array(MAX_REGIONS);
  const then = new Float64Array(MAX_REGIONS);
  const both = new Float64Array(MAX_REGIONS);
  /** Squares of spreads. */
  const noise = new Float64Array(MAX_REGIONS);
  const swayed = new Int32Array(MAX_REGIONS);
  const light = new Float64Array(MAX_REGIONS);
  const noisy = new Uint8Array(MAX_REGIONS);

  function measure(regions: Regions, model: BackgroundModel): void {
    const louder = model.noise * model.noise * NOISE_OF_SPREAD;
    noisy.fill(0, 0, regions.count);
    measureAll(regions, model, 0);
    let again = false;
    for (let r = 0; r < regions.count; r++) {
      if (model.restlessShare < NOISY_SENSOR_SHARE || noise[r] * louder < NOISY_SHARE * now[r]) continue;
      if (light[r] > DARK_LOG * cells[r]) continue;
      noisy[r] = 1;
      again = true;
    }
    conclude(regions, model, 0);
    if (!again) return;
    measureAll(regions, model, 1);
    conclude(regions, model, 1);
  }

  function measureAll(regions: Regions, model: BackgroundModel, coarse: 0 | 1): void {
    for (let r = 0; r < regions.count; r++) {
      if (noisy[r] !== coarse) continue;
      cells[r] = light[r] = change[r] = now[r] = then[r] = both[r] = noise[r] = swayed[r] = 0;
    }
    const margin = coarse === 1 ? COARSE_MARGIN : FINE_MARGIN;
    for (let run = 0; run < regions.runCount; run++) {
      const region = regions.runRegion[run];
      if (region < 0 || noisy[region] !== coarse) continue;
      const row = regions.runRow[run];
      if (row < margin || row >= height - margin) continue;
      if (coarse === 1 && cells[region] > MOST_COARSE_CELLS) continue;
      if (regions.area[region] > MANY_CELLS && (row & 1) === 1) continue;
      const line = row * width;
      const start = regions.runStart[run];
      const end = regions.runEnd[run];
      const first = line + Math.max(margin, start - BORDER_CELLS);
      const last = line + Math.min(width - 1 - margin, end + BORDER_CELLS);
      const insideFirst = Math.max(first, line + start);
      const insideLast = Math.min(last, line + end);
      cells[region] += Math.max(0, insideLast - insideFirst + 1);
      if (coarse === 1) measureCoarsely(model, region, first, last, insideFirst, insideLast);
      else measureFinely(model, region, first, last, insideFirst, insideLast);
      if (regions.area[region] < ASKED_RATIO * width * height) {
        swayed[region] += countSway(model, row, insideFirst, insideLast);
      }
    }
  }

  function conclude(regions: Regions, model: BackgroundModel, coarse: 0 | 1): void {
    const louder = (model.noise * model.noise * NOISE_OF_SPREAD) / (coarse === 1 ? 9 : 1);
    for (let r = 0; r < regions.count; r++) {
      if (noisy[r] !== coarse) continue;
      const gain = then[r] > 0 ? Math.max(0, both[r] / then[r]) : 0;
      const fresh = Math.max(0, now[r] - gain * both[r] - noise[r] * louder);
      novelty[r] = now[r] > 0 ? fresh / now[r] : 0;
      sharpness[r] = change[r] > 0 ? fresh / change[r] : 0;
      sway[r] = cells[r] > 0 ? swayed[r] / cells[r] : 0;
    }
  }

  /** Adds the gradients of the cells `first..last`, all of a row, and the change of those inside of the region. */
  function measureFinely(
    model: BackgroundModel,
    region: number,
    first: number,
    last: number,
    insideFirst: number,
    insideLast: number,
  ): void {
    const { log, mean, spread, residual } = model;
    let nowSum = 0;
    let thenSum = 0;
    let bothSum = 0;
    let noiseSum = 0;
    for (let i = first; i <= last; i++) {
      const logX = log[i + 1] - log[i - 1];
      const logY = log[i + width] - log[i - width];
      const meanX = (mean[i + 1] - mean[i - 1]) >> 6;
      const meanY = (mean[i + width] - mean[i - width]) >> 6;
      nowSum += logX * logX + logY * logY;
      thenSum += meanX * meanX + meanY * meanY;
      bothSum += logX * meanX + logY * meanY;
      noiseSum += spread[i] * spread[i];
    }
    now[region] += nowSum;
    then[region] += thenSum;
    both[region] += bothSum;
    noise[region] += noiseSum;
    let lightSum = 0;
    let changeSum = 0;
    for (let i = insideFirst; i <= insideLast; i++) {
      lightSum += log[i];
      changeSum += residual[i] * residual[i];
    }
    light[region] += lightSum;
    change[region] += changeSum;
  }

  /** As `measureFinely`, on means of 3×3 cells: a ninth of the noise, for borders that noise would drown. */
  function measureCoarsely(
    model: BackgroundModel,
    region: number,
    first: number,
    last: number,
    insideFirst: number,
    insideLast: number,
  ): void {
    const { log, mean, spread, residual } = model;
    for (let i = first; i <= last; i++) {
      const logX = (sum9(log, i + 2) - sum9(log, i - 2)) / 9;
      const logY = (sum9(log, i + 2 * width) - sum9(log, i - 2 * width)) / 9;
      const meanX = (sum9(mean, i + 2) - sum9(mean, i - 2)) / (9 * 64);
      const meanY = (sum9(mean, i + 2 * width) - sum9(mean, i - 2 * width)) / (9 * 64);
      now[region] += logX * logX + logY * logY;
      then[region] += meanX * meanX + meanY * meanY;
      both[region] += logX * meanX + logY * meanY;
      noise[region] += spread[i] * spread[i];
    }
    for (let i = insideFirst; i <= insideLast; i++) {
      const off = sum9(residual, i) / 9;
      change[region] += off * off;
    }
  }

  /** Whole, as all that is handed from function to function here: other numbers would be allocated. */
  function sum9(array: Int16Array | Int32Array, i: number): number {
    const above = i - width;
    const below = i + width;
    return (
      array[above - 1] +
      array[above] +
      array[above + 1] +
      array[i - 1] +
      array[i] +
      array[i + 1] +
      array[below - 1] +
      array[below] +
      array[below + 1]
    );
  }

  /**
   * How many of the cells `first..last` of a row look like the background nearby, by means of 3×3 cells: one cell's
   * noise would take it there by chance. In whole steps ÷ 64, as the mean is.
   */
  function countSway(model: BackgroundModel, row: number, first: number, last: number): number {
    const { log, spread, illumination } = model;
    let count = 0;
    for (let i = first; i <= last; i++) {
      const here = (((64 * sum9(log, i)) / 9) | 0) - 64 * illumination.field[i];
      let close = (CLOSE_OF_SPREAD * spread[i]) | 0;
      if (close < 64 * SAME_STEPS) close = 64 * SAME_STEPS;
      if (cameFromNearby(model.mean, row, i - row * width, here - close, here + close)) count++;
    }
    return count;
  }

  /** Whether the background around a cell reaches, from its darkest to its lightest, into `least..most`. */
  function cameFromNearby(mean: Int32Array, row: number, column: number, least: number, most: number): boolean {
    const top = Math.max(0, row - SWAY_CELLS);
    const bottom = Math.min(height - 1, row + SWAY_CELLS);
    const left = Math.max(0, column - SWAY_CELLS);
    const right = Math.min(width - 1, column + SWAY_CELLS);
    let darker = false;
    let lighter = false;
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const there = mean[y * width + x];
        darker ||= there <= most;
        lighter ||= there >= least;
        if (darker && lighter) return true;
      }
    }
    return false;
  }

  return { novelty, sharpness, sway, noisy, measure };
}
