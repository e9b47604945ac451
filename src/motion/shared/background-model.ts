/** Enters each frame's log luma; leaves how many sigmas each cell lies off its background. */
import { createIllumination, type Illumination } from './illumination.ts';
import { DARK_OFFSET, LOG_LUMA, LOG_STEPS } from './log-luma.ts';

/** One sigma in the units of `deviation`. */
export const SIGMA = 16;
/** A single cell's voice is limited to this many sigmas, so that neighbours have to agree. */
const LOUDEST = 3 * SIGMA;
/** Fractional bits of mean and spread, and of the learning rates. */
const FRACTION = 6;
const RATE_BITS = 12;
/** A Gaussian's sigma is 1.25 times its mean absolute deviation. */
const SIGMA_OF_SPREAD = 1.25;
/** The median of a Gaussian's absolute deviation, in sigmas. */
const MEDIAN_DEVIATION = 0.6745;
/** No cell is taken to be quieter than this: a half grey level, and one percent of its light. */
const LEAST_GREY = 0.5;
const LEAST_RATIO = 0.01;

/** Until it is known, the spread is taken to be this many times the smallest. */
const UNKNOWN_SPREAD = 4;

/** A spread this many times the smallest is a restless cell's. */
const RESTLESS_FACTOR = 2;
/** Every so many cells one is asked for the noise; odd, so that all columns come in turn. */
const NOISE_STRIDE = 5;

/** How a cell is learnt, written by whoever judged the frame. */
export const LEARN_BACKGROUND = 0;
/** An object, or what may become one: the background stays, or all but. */
export const LEARN_HELD = 1;
/** Rejected as no object: taken over quickly. */
export const LEARN_QUICKLY = 2;
/** An object that has stopped: it becomes background in its own time. */
export const LEARN_SETTLED = 3;

/** Time constants in seconds. */
const BACKGROUND_SECONDS = 6;
const HELD_SECONDS = 60;
const QUICK_SECONDS = 0.4;
const SETTLED_SECONDS = 10;
const LIGHT_SECONDS = 1;
/** The spread grows quickly and shrinks slowly: what flickered will flicker again. */
const SPREAD_UP_SECONDS = 3;
const SPREAD_DOWN_SECONDS = 20;

/** Mean and spread of each cell's log luma, as sigma-delta and running-Gaussian models keep them. */
export interface BackgroundModel {
  /** Log luma of the newest frame. */
  readonly log: Int16Array;
  /** Background mean, in log steps × 64. */
  readonly mean: Int32Array;
  /** Mean absolute deviation, in log steps × 64. */
  readonly spread: Int32Array;
  /** Log luma − mean − light, in log steps. */
  readonly residual: Int16Array;
  /** `residual` in 1/16 sigma, clipped to ±3 sigma. */
  readonly deviation: Int16Array;
  readonly illumination: Illumination;
  /** How much noisier the newest frame is than what was learnt, ≥ 1. */
  readonly noise: number;
  /** 0..1: the share of cells whose spread is far above the smallest; over a half, the sensor is noisy. */
  readonly restlessShare: number;
  /** Compares a frame (16 × luma a cell) with the model; light is estimated where `object` is 0. */
  compare(cells: Uint16Array, object: Uint8Array): void;
  /** Learns the compared frame; `how` holds a LEARN_… for each cell. */
  learn(how: Uint8Array, elapsedSeconds: number): void;
  /** Takes a frame (16 × luma a cell) as the background, its spread unknown. */
  restart(cells: Uint16Array): void;
  /** A cell's background in the newest frame's light, as luma 0..255. */
  reference(cell: number): number;
}

/** Makes the model for a grid of `width × height` cells. */
export function createBackgroundModel(width: number, height: number): BackgroundModel {
  const cells = width * height;
  const log = new Int16Array(cells);
  const mean = new Int32Array(cells);
  const spread = new Int32Array(cells);
  const change = new Int16Array(cells);
  const residual = new Int16Array(cells);
  const deviation = new Int16Array(cells);
  const illumination = createIllumination(width, height);
  const field = illumination.field;
  const leastSpread = leastSpreadTable();
  const noiseHistogram = new Uint32Array(LOUDEST + 1);
  const rates = new Int32Array(4);
  let noise = 1;
  let restlessShare = 0;

  function compare(luma: Uint16Array, object: Uint8Array): void {
    for (let i = 0; i < cells; i++) {
      const value = LOG_LUMA[luma[i]];
      log[i] = value;
      change[i] = value - (mean[i] >> FRACTION);
    }
    illumination.estimate(change, object);
    noiseHistogram.fill(0);
    let restless = 0;
    const scale = (SIGMA << FRACTION) / SIGMA_OF_SPREAD;
    for (let i = 0; i < cells; i++) {
      const off = change[i] - field[i];
      residual[i] = off;
      const least = leastSpread[log[i] >> 4];
      const usual = spread[i];
      let z = ((off * scale) / (usual > least ? usual : least)) | 0;
      z = z > LOUDEST ? LOUDEST : z < -LOUDEST ? -LOUDEST : z;
      deviation[i] = z;
    }
    for (let i = 0; i < cells; i += NOISE_STRIDE) {
      const z = deviation[i];
      noiseHistogram[z < 0 ? -z : z]++;
      if (spread[i] > RESTLESS_FACTOR * leastSpread[log[i] >> 4]) restless++;
    }
    restlessShare = (restless * NOISE_STRIDE) / cells;
    noise = Math.max(1, medianDeviation() / (MEDIAN_DEVIATION * SIGMA));
  }

  function medianDeviation(): number {
    const half = Math.ceil(cells / NOISE_STRIDE) / 2;
    let seen = 0;
    for (let z = 0; z <= LOUDEST; z++) {
      const here = noiseHistogram[z];
      if (seen + here >= half) return z + (half - seen) / here - 0.5;
      seen += here;
    }
    return LOUDEST;
  }

  function learn(how: Uint8Array, elapsedSeconds: number): void {
    const light = rate(elapsedSeconds, LIGHT_SECONDS);
    const up = rate(elapsedSeconds, SPREAD_UP_SECONDS);
    const down = rate(elapsedSeconds, SPREAD_DOWN_SECONDS);
    rates[LEARN_BACKGROUND] = rate(elapsedSeconds, BACKGROUND_SECONDS);
    rates[LEARN_HELD] = rate(elapsedSeconds, HELD_SECONDS);
    rates[LEARN_QUICKLY] = rate(elapsedSeconds, QUICK_SECONDS);
    rates[LEARN_SETTLED] = rate(elapsedSeconds, SETTLED_SECONDS);
    const half = 1 << (RATE_BITS - 1);
    for (let i = 0; i < cells; i++) {
      const off = residual[i] << FRACTION;
      const lit = field[i] << FRACTION;
      const manner = how[i];
      const follow = rates[manner];
      mean[i] += (off * follow + lit * light + half) >> RATE_BITS;
      if (manner === LEARN_HELD) continue;
      const more = (off < 0 ? -off : off) - spread[i];
      spread[i] += (more * (more > 0 ? up : down) + half) >> RATE_BITS;
    }
  }

  function restart(luma: Uint16Array): void {
    for (let i = 0; i < cells; i++) {
      const value = LOG_LUMA[luma[i]];
      mean[i] = value << FRACTION;
      spread[i] = UNKNOWN_SPREAD * leastSpread[value >> 4];
    }
  }

  function reference(i: number): number {
    return Math.exp(((mean[i] >> FRACTION) + illumination.gain) / LOG_STEPS) - DARK_OFFSET;
  }

  return {
    log,
    mean,
    spread,
    residual,
    deviation,
    illumination,
    get restlessShare() {
      return restlessShare;
    },
    get noise() {
      return noise;
    },
    compare,
    learn,
    restart,
    reference,
  };
}

/** The share of a difference that is learnt in one step, × 4096. */
function rate(elapsedSeconds: number, constantSeconds: number): number {
  return Math.round((1 - Math.exp(-elapsedSeconds / constantSeconds)) * (1 << RATE_BITS));
}

/** The smallest mean absolute deviation by log luma ÷ 16, in log steps × 64. */
function leastSpreadTable(): Int32Array {
  return Int32Array.from({ length: 512 }, (_, i) => {
    const grey = Math.max(DARK_OFFSET, Math.exp((i * 16) / LOG_STEPS));
    const ratio = Math.max(LEAST_RATIO, LEAST_GREY / grey);
    return Math.round(ratio * LOG_STEPS * (1 << FRACTION));
  });
}
