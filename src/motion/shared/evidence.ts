/** Enters regions and the model; leaves, for each region, what tells an object from light and from sway. */
import type { BackgroundModel } from './background-model.ts';
import { MAX_REGIONS, type Regions } from './regions.ts';

/** Four squared differences of neighbours, each with twice a cell's variance over a span of two, as sigma². */
const GRADIENT_NOISE = 4;
/** Spread (mean absolute deviation × 64) per sigma in log steps: 64 ÷ 1.25. */
const SPREAD_OF_SIGMA = 51.2;
/** A region's border may lie this far outside of its cells, where its 3×3 sums fall off. */
const BORDER_CELLS = 2;
/** How far foliage and shaking cameras move what they move, in cells. */
const SWAY_CELLS = 2;
/** A cell counts as come from a neighbour when it is this close to the neighbour's background, in sigmas. */
const SAME_SIGMAS = 2;

/** Measures of the newest frame's regions, by region index. */
export interface Evidence {
  /** 0..1: the share of the picture's gradients that the background's own, brighter or darker, do not explain. */
  readonly novelty: Float32Array;
  /** Unexplained gradient energy ÷ energy of the change: borders of things are high, soft light is low. */
  readonly sharpness: Float32Array;
  /** 0..1: the share of cells that look like the background a cell or two away. */
  readonly sway: Float32Array;
  /** Measures all regions. */
  measure(regions: Regions, model: BackgroundModel): void;
}

/** Makes the measure for a grid of `width × height` cells. */
export function createEvidence(width: number, height: number): Evidence {
  const novelty = new Float32Array(MAX_REGIONS);
  const sharpness = new Float32Array(MAX_REGIONS);
  const sway = new Float32Array(MAX_REGIONS);
  const change = new Float64Array(MAX_REGIONS);
  const now = new Float64Array(MAX_REGIONS);
  const then = new Float64Array(MAX_REGIONS);
  const both = new Float64Array(MAX_REGIONS);
  const noise = new Float64Array(MAX_REGIONS);
  const swayed = new Int32Array(MAX_REGIONS);
  const sums = [change, now, then, both, noise, swayed];

  function measure(regions: Regions, model: BackgroundModel): void {
    for (const sum of sums) sum.fill(0, 0, regions.count);
    for (let run = 0; run < regions.runCount; run++) {
      const region = regions.runRegion[run];
      const row = regions.runRow[run];
      if (region < 0 || row === 0 || row === height - 1) continue;
      measureRun(model, region, row, regions.runStart[run], regions.runEnd[run]);
    }
    const louder = model.noise * model.noise;
    for (let r = 0; r < regions.count; r++) {
      const gain = then[r] > 0 ? Math.max(0, both[r] / then[r]) : 0;
      const fresh = Math.max(0, now[r] - gain * both[r] - noise[r] * louder);
      novelty[r] = now[r] > 0 ? fresh / now[r] : 0;
      sharpness[r] = change[r] > 0 ? fresh / change[r] : 0;
      sway[r] = swayed[r] / regions.area[r];
    }
  }

  function measureRun(m: BackgroundModel, region: number, row: number, start: number, end: number) {
    const { log, mean, spread, residual } = m;
    const from = Math.max(1, start - BORDER_CELLS);
    const to = Math.min(width - 2, end + BORDER_CELLS);
    for (let i = row * width + from, column = from; column <= to; i++, column++) {
      const logX = log[i + 1] - log[i - 1];
      const logY = log[i + width] - log[i - width];
      const meanX = (mean[i + 1] - mean[i - 1]) >> 6;
      const meanY = (mean[i + width] - mean[i - width]) >> 6;
      const sigma = spread[i] / SPREAD_OF_SIGMA;
      now[region] += logX * logX + logY * logY;
      then[region] += meanX * meanX + meanY * meanY;
      both[region] += logX * meanX + logY * meanY;
      noise[region] += GRADIENT_NOISE * sigma * sigma;
      if (column < start || column > end) continue;
      change[region] += residual[i] * residual[i];
      if (cameFromNearby(m, row, column, sigma)) swayed[region]++;
    }
  }

  function cameFromNearby(m: BackgroundModel, row: number, column: number, sigma: number): boolean {
    const i = row * width + column;
    const here = (m.log[i] - m.illumination.field[i]) << 6;
    const close = Math.max(10, SAME_SIGMAS * sigma) * 64;
    const top = Math.max(0, row - SWAY_CELLS);
    const bottom = Math.min(height - 1, row + SWAY_CELLS);
    const left = Math.max(0, column - SWAY_CELLS);
    const right = Math.min(width - 1, column + SWAY_CELLS);
    let least = 1 << 30;
    let most = -(1 << 30);
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const value = m.mean[y * width + x];
        if (value < least) least = value;
        if (value > most) most = value;
      }
    }
    return here >= least - close && here <= most + close;
  }

  return { novelty, sharpness, sway, measure };
}
