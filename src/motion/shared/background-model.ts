/** Enters each frame's log luma; leaves how many sigmas each cell lies off its background. */
import type { Clock } from './clock.ts';
import { createIllumination, type Illumination } from './illumination.ts';
import { DARK_OFFSET, LOG_LUMA, LOG_STEPS } from './log-luma.ts';
import type { PixelMemory } from './pixel-memory.ts';

/** One sigma in the units of `deviation`. */
export const SIGMA = 16;
/** A single cell's voice is limited to this many sigmas, so that neighbours have to agree. */
const LOUDEST = 3 * SIGMA;
/** Fractional bits of mean and spread, and of the learning rates. */
const FRACTION = 6;
const RATE_BITS = 12;
/** A Gaussian's sigma is 1.25 times its mean absolute deviation; as a fraction, so that both its sides stay whole. */
const SIGMA_OF_SPREAD = { numerator: 5, denominator: 4 };
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

/** By 16 × luma: its logarithm in the lower half, and the least spread of such a cell in the upper. */
const LOOK_UP = Uint32Array.from(LOG_LUMA, (log) => log | (leastSpread(log) << 16));

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
/** At first nothing is known: for so long, it is learnt so many times as quickly. */
const YOUNG_SECONDS = 4;
const YOUNG_FACTOR = 3;

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
  noise: number;
  /** 0..1: the share of cells whose spread is far above the smallest; over a half, the sensor is noisy. */
  restlessShare: number;
  /** Compares a frame (16 × luma a cell) with the model; light is estimated where `object` is 0. */
  compare(cells: Uint16Array, object: Uint8Array): void;
  /** Learns the compared frame; `how` holds a LEARN_… for each cell. */
  learn(how: Uint8Array, clock: Clock): void;
  /** Takes a frame (16 × luma a cell) as the background, its spread unknown. */
  restart(cells: Uint16Array): void;
  /** A cell's background in the newest frame's light, as luma 0..255. */
  reference(cell: number): number;
}

/** Makes the model for a grid of `width × height` cells. */
export function createBackgroundModel(width: number, height: number, memory: PixelMemory): BackgroundModel {
  const cells = width * height;
  const log = memory.array(Int16Array, cells);
  const mean = memory.array(Int32Array, cells);
  const spread = memory.array(Int32Array, cells);
  const least = memory.array(Uint16Array, cells);
  const change = memory.array(Int16Array, cells);
  const residual = memory.array(Int16Array, cells);
  const deviation = memory.array(Int16Array, cells);
  const table = memory.array(Uint32Array, LOG_LUMA.length);
  const noiseHistogram = memory.array(Uint32Array, LOUDEST + 1);
  const rates = memory.array(Int16Array, 4);
  const illumination = createIllumination(width, height, memory);
  const { field } = illumination;
  const { kernels } = memory;
  const model: BackgroundModel = {
    log,
    mean,
    spread,
    residual,
    deviation,
    illumination,
    noise: 1,
    restlessShare: 0,
    compare,
    learn,
    restart,
    reference,
  };
  table.set(LOOK_UP);

  function compare(luma: Uint16Array, object: Uint8Array): void {
    lookUp(luma);
    illumination.estimate(change, object);
    deviate();
    noiseHistogram.fill(0);
    model.restlessShare = (countNoise() * NOISE_STRIDE) / cells;
    measureNoise();
  }

  function lookUp(luma: Uint16Array): void {
    if (kernels !== null) {
      kernels.lookUp(
        luma.byteOffset,
        table.byteOffset,
        mean.byteOffset,
        cells,
        log.byteOffset,
        least.byteOffset,
        change.byteOffset,
      );
      return;
    }
    for (let i = 0; i < cells; i++) {
      const entry = table[luma[i]];
      const value = entry & 0xffff;
      log[i] = value;
      least[i] = entry >>> 16;
      change[i] = value - (mean[i] >> FRACTION);
    }
  }

  function deviate(): void {
    if (kernels !== null) {
      kernels.deviate(
        change.byteOffset,
        field.byteOffset,
        spread.byteOffset,
        least.byteOffset,
        cells,
        LOUDEST,
        residual.byteOffset,
        deviation.byteOffset,
      );
      return;
    }
    const scale = (SIGMA << FRACTION) * SIGMA_OF_SPREAD.denominator;
    for (let i = 0; i < cells; i++) {
      const off = change[i] - field[i];
      residual[i] = off;
      const floor = least[i];
      const usual = spread[i];
      const sigma = SIGMA_OF_SPREAD.numerator * (usual > floor ? usual : floor);
      const z = Math.fround((off * scale) / sigma) | 0;
      deviation[i] = z > LOUDEST ? LOUDEST : z < -LOUDEST ? -LOUDEST : z;
    }
  }

  /** Fills the histogram; answers how many of the asked cells are restless. */
  function countNoise(): number {
    if (kernels !== null) {
      return kernels.countNoise(
        deviation.byteOffset,
        spread.byteOffset,
        least.byteOffset,
        cells,
        NOISE_STRIDE,
        noiseHistogram.byteOffset,
      );
    }
    let restless = 0;
    for (let i = 0; i < cells; i += NOISE_STRIDE) {
      const z = deviation[i];
      noiseHistogram[z < 0 ? -z : z]++;
      if (spread[i] > RESTLESS_FACTOR * least[i]) restless++;
    }
    return restless;
  }

  /** From the median deviation. */
  function measureNoise(): void {
    const half = Math.ceil(cells / NOISE_STRIDE) / 2;
    let z = 0;
    let seen = 0;
    while (z < LOUDEST && seen + noiseHistogram[z] < half) seen += noiseHistogram[z++];
    const here = noiseHistogram[z];
    const median = z + (half - seen) / here - 0.5;
    model.noise = median / (MEDIAN_DEVIATION * SIGMA);
    if (model.noise < 1) model.noise = 1;
  }

  function learn(how: Uint8Array, clock: Clock): void {
    const light = rate(clock, LIGHT_SECONDS);
    const factor = clock.seconds < YOUNG_SECONDS ? YOUNG_FACTOR : 1;
    const up = rate(clock, SPREAD_UP_SECONDS / factor);
    const down = rate(clock, SPREAD_DOWN_SECONDS / factor);
    rates[LEARN_BACKGROUND] = rate(clock, BACKGROUND_SECONDS);
    rates[LEARN_HELD] = rate(clock, HELD_SECONDS);
    rates[LEARN_QUICKLY] = rate(clock, QUICK_SECONDS);
    rates[LEARN_SETTLED] = rate(clock, SETTLED_SECONDS);
    if (kernels === null) {
      learnPlainly(how, light, up, down);
    } else {
      kernels.learn(
        residual.byteOffset,
        field.byteOffset,
        how.byteOffset,
        rates.byteOffset,
        LEARN_HELD,
        light,
        up,
        down,
        cells,
        mean.byteOffset,
        spread.byteOffset,
      );
    }
  }

  function learnPlainly(how: Uint8Array, light: number, up: number, down: number): void {
    const half = 1 << (RATE_BITS - 1);
    for (let i = 0; i < cells; i++) {
      const off = residual[i];
      const manner = how[i];
      mean[i] += (off * rates[manner] + field[i] * light + (half >> FRACTION)) >> (RATE_BITS - FRACTION);
      if (manner === LEARN_HELD) continue;
      const more = ((off < 0 ? -off : off) << FRACTION) - spread[i];
      spread[i] += (more * (more > 0 ? up : down) + half) >> RATE_BITS;
    }
  }

  function restart(luma: Uint16Array): void {
    for (let i = 0; i < cells; i++) {
      const entry = table[luma[i]];
      mean[i] = (entry & 0xffff) << FRACTION;
      spread[i] = UNKNOWN_SPREAD * (entry >>> 16);
    }
  }

  function reference(i: number): number {
    return Math.exp(((mean[i] >> FRACTION) + illumination.gain) / LOG_STEPS) - DARK_OFFSET;
  }

  return model;
}

/** The share of a difference that is learnt in one step, × 4096. */
function rate({ elapsedSeconds }: Clock, constantSeconds: number): number {
  return Math.round((1 - Math.exp(-elapsedSeconds / constantSeconds)) * (1 << RATE_BITS));
}

/** The smallest mean absolute deviation of a cell, in log steps × 64, by steps of 16 of its log luma. */
function leastSpread(log: number): number {
  const grey = Math.max(DARK_OFFSET, Math.exp((log & ~15) / LOG_STEPS));
  const ratio = Math.max(LEAST_RATIO, LEAST_GREY / grey);
  return Math.round(ratio * LOG_STEPS * (1 << FRACTION));
}
