/** Enters a luma plane and its time; leaves the motion state: is somebody there, where, and why. */
import { LEARN_BACKGROUND, LEARN_HELD, LEARN_QUICKLY, LEARN_SETTLED } from './background-model.ts';
import { type Clock, start, tick } from './clock.ts';
import { createJudgement, type Verdict } from './judgement.ts';
import { LOG_STEPS } from './log-luma.ts';
import type { Box, DetectorPicture, MotionState } from './motion-state.ts';
import { createPixelMemory } from './pixel-memory.ts';
import type { Reason, ReasonCode } from './reason.ts';
import { SUM_OF_SIGMA } from './regions.ts';
import { type Sensitivity, sensitivityNumbers } from './sensitivity.ts';
import { createStage, drawPicture } from './stage.ts';

export type { DetectorPicture, MotionState } from './motion-state.ts';
export type { Sensitivity } from './sensitivity.ts';

/** What a detector is made with. */
export interface DetectorOptions {
  /** "person" when not given. */
  sensitivity?: Sensitivity;
  /** 0..100: replaces the sensitivity's smallest size. */
  thresholdPercent?: number;
  /** True: without the WASM kernels, whose answers are the same. Otherwise they are used where the platform has them. */
  plain?: boolean;
}

/** Watches one camera: each frame changes its model. */
export interface Detector {
  /** Cells across; 0 before the first frame. */
  readonly gridWidth: number;
  /** Cells down; 0 before the first frame. */
  readonly gridHeight: number;
  /**
   * Judges a frame: `luma` holds `height` rows of `stride` bytes, of which `width` are pixels.
   * Allocates only when the size changes. Throws a RangeError when the plane is shorter than that.
   */
  analyse(luma: Uint8Array, width: number, height: number, stride: number, timestampSeconds: number): MotionState;
  /** The newest frame as the detector saw it. */
  picture(): DetectorPicture;
  /** Throws a RangeError when `thresholdPercent` is not within 0..100. */
  setSensitivity(level: Sensitivity, thresholdPercent?: number): void;
  /** Forgets everything, as when the camera is turned. */
  reset(): void;
  /** The newest frame's regions with verdict and measures, a line each, for whoever asks why. */
  describe(): string[];
}

/** Seconds without alarms after the start. */
const LEARN_SECONDS = 1.5;
/** From this share of the picture on, the scene as a whole has changed. */
const WHOLE_RATIO = 0.5;
/** A smaller group of cells than this is never looked at. */
const LEAST_CELLS = 4;
/** From this share of the smallest size on a thing is followed, since one that is just large enough is not so in each frame. */
const FOLLOWED_SHARE = 0.6;
/** More boxes than this say no more. */
const MAX_BOXES = 16;

/** Rejected regions that a frame without objects is explained by, the most telling first. */
const EXPLANATIONS: readonly { readonly verdict: Verdict; readonly code: ReasonCode }[] = [
  { verdict: 'too-fast', code: 'too-fast' },
  { verdict: 'confirming', code: 'confirming' },
  { verdict: 'weather', code: 'weather' },
  { verdict: 'settled', code: 'settled' },
  { verdict: 'light', code: 'local-light' },
  { verdict: 'sway', code: 'sway' },
];

/** Cells that a thing may go on until the next frame: there too its light is not asked. */
const STEP_CELLS = 8;

/** What stands before the background, so that the light there cannot be seen. */
const HIDES_LIGHT: ReadonlySet<Verdict> = new Set<Verdict>(['object', 'confirming', 'too-fast']);

/** Makes a detector; its arrays are made at the first frame of each size. */
export function createDetector(options: DetectorOptions = {}): Detector {
  let numbers = sensitivityNumbers(options.sensitivity ?? 'person', options.thresholdPercent);
  let frameWidth = 0;
  let frameHeight = 0;
  const memory = createPixelMemory(options.plain);
  let stage = createStage(1, 1, memory);
  const clock: Clock = { seconds: 0, elapsedSeconds: 0, stampSeconds: 0 };
  let fresh = true;
  const judgement = createJudgement();
  const pool = Array.from({ length: MAX_BOXES }, (): [number, number, number, number] => [0, 0, 0, 0]);
  /** By count: that many of the pool's boxes. */
  const lists = Array.from({ length: MAX_BOXES + 1 }, (_, count): readonly Box[] => pool.slice(0, count));
  const reason: Reason = { code: 'quiet', areaRatio: 0, thresholdRatio: 0, seconds: 0, gain: 1 };
  const state: MotionState = {
    timestampSeconds: 0,
    score: 0,
    motion: false,
    reason,
    boxes: lists[0],
    changedRatio: 0,
  };

  function analyse(
    luma: Uint8Array,
    width: number,
    height: number,
    stride: number,
    timestampSeconds: number,
  ): MotionState {
    checkPlane(luma, width, height, stride);
    if (width !== frameWidth || height !== frameHeight) changeSize(width, height);
    stage.grid.reduce(luma, stride);
    if (fresh) begin(timestampSeconds);
    stage.model.compare(stage.grid.mean, stage.object);
    tick(clock, timestampSeconds);
    state.timestampSeconds = timestampSeconds;
    judge();
    learn();
    return state;
  }

  function changeSize(width: number, height: number): void {
    stage = createStage(width, height, memory);
    frameWidth = width;
    frameHeight = height;
    reset();
  }

  function begin(timestampSeconds: number): void {
    stage.model.restart(stage.grid.mean);
    start(clock, timestampSeconds);
    fresh = false;
  }

  function judge(): void {
    const { regions, evidence, model, cells } = stage;
    const leastCells = Math.ceil(numbers.thresholdRatio * cells);
    const followedCells = Math.ceil(FOLLOWED_SHARE * numbers.thresholdRatio * cells);
    const limit = Math.round(SUM_OF_SIGMA * (numbers.sigmas * model.noise));
    regions.find(model.deviation, limit, followedCells > LEAST_CELLS ? followedCells : LEAST_CELLS);
    evidence.measure(regions, model);
    judgement.judge(regions, evidence, cells, leastCells, clock);
    const objectCells = judgement.areaOf('object');
    const learnt = clock.seconds >= LEARN_SECONDS;
    const whole = regions.changedCells > WHOLE_RATIO * cells;
    state.changedRatio = regions.changedCells / cells;
    state.score = objectCells / cells;
    state.motion = learnt && !whole && objectCells > 0 && objectCells >= numbers.thresholdRatio * cells;
    listBoxes();
    explain(learnt, whole);
  }

  function listBoxes(): void {
    let count = 0;
    const { block } = stage.grid;
    for (let r = 0; state.motion && r < stage.regions.count && count < MAX_BOXES; r++) {
      const thing = judgement.things[r];
      if (judgement.verdicts[r] !== 'object' || thing === null) continue;
      const box = pool[count++];
      box[0] = thing.left * block;
      box[1] = thing.top * block;
      box[2] = (thing.right - thing.left + 1) * block;
      box[3] = (thing.bottom - thing.top + 1) * block;
    }
    state.boxes = lists[count];
  }

  function explain(learnt: boolean, whole: boolean): void {
    const { cells, model } = stage;
    reason.code = 'quiet';
    reason.areaRatio = state.changedRatio;
    reason.thresholdRatio = numbers.thresholdRatio;
    reason.seconds = 0;
    reason.gain = Math.exp(model.illumination.gain / LOG_STEPS);
    if (!learnt) {
      reason.code = 'learning';
      reason.seconds = LEARN_SECONDS - clock.seconds;
    } else if (whole) {
      reason.code = 'light-change';
    } else if (state.motion) {
      reason.code = 'object';
      reason.areaRatio = state.score;
      findOldest();
    } else if (judgement.areaOf('object') > 0) {
      reason.code = 'too-small';
      reason.areaRatio = state.score;
    } else {
      for (let i = 0; i < EXPLANATIONS.length; i++) {
        const area = judgement.areaOf(EXPLANATIONS[i].verdict);
        if (area === 0) continue;
        reason.code = EXPLANATIONS[i].code;
        reason.areaRatio = area / cells;
        return;
      }
    }
  }

  /** For how long the object that has been there longest has been seen. */
  function findOldest(): void {
    for (let r = 0; r < stage.regions.count; r++) {
      const thing = judgement.things[r];
      if (judgement.verdicts[r] !== 'object' || thing === null) continue;
      const seconds = clock.seconds - thing.bornSeconds;
      if (seconds > reason.seconds) reason.seconds = seconds;
    }
  }

  function learn(): void {
    const { regions, grid, manner, object, model } = stage;
    const anew = reason.code === 'learning' || reason.code === 'light-change';
    manner.fill(anew ? LEARN_QUICKLY : LEARN_BACKGROUND);
    object.fill(0);
    for (let run = 0; run < regions.runCount && !anew; run++) {
      const region = regions.runRegion[run];
      if (region < 0) continue;
      const line = regions.runRow[run] * grid.width;
      const how = mannerOf(judgement.verdicts[region]);
      manner.fill(how, line + regions.runStart[run], line + regions.runEnd[run] + 1);
    }
    for (let region = 0; region < regions.count && !anew; region++) {
      if (!HIDES_LIGHT.has(judgement.verdicts[region])) continue;
      const left = Math.max(0, regions.left[region] - STEP_CELLS);
      const right = Math.min(grid.width - 1, regions.right[region] + STEP_CELLS);
      const bottom = Math.min(grid.height - 1, regions.bottom[region] + STEP_CELLS);
      for (let row = Math.max(0, regions.top[region] - STEP_CELLS); row <= bottom; row++) {
        object.fill(1, row * grid.width + left, row * grid.width + right + 1);
      }
    }
    model.learn(manner, clock);
  }

  function reset(): void {
    fresh = true;
    judgement.clear();
  }

  function describe(): string[] {
    const { regions, evidence } = stage;
    return Array.from({ length: regions.count }, (_, r) => {
      const thing = judgement.things[r];
      const width = regions.right[r] - regions.left[r] + 1;
      const height = regions.bottom[r] - regions.top[r] + 1;
      const seconds = (since: number | undefined) => (since === undefined ? '-' : (clock.seconds - since).toFixed(2));
      return [
        judgement.verdicts[r].padEnd(10),
        `area=${regions.area[r]}`,
        `at=${regions.left[r]},${regions.top[r]},${width}x${height}`,
        `novelty=${evidence.novelty[r].toFixed(2)}`,
        `sharpness=${evidence.sharpness[r].toFixed(2)}`,
        `sway=${evidence.sway[r].toFixed(2)}`,
        `noisy=${evidence.noisy[r]}`,
        `age=${seconds(thing?.bornSeconds)}`,
        `settled=${seconds(thing?.settledSeconds)}`,
      ].join(' ');
    });
  }

  return {
    get gridWidth() {
      return frameWidth === 0 ? 0 : stage.grid.width;
    },
    get gridHeight() {
      return frameHeight === 0 ? 0 : stage.grid.height;
    },
    analyse,
    picture: () => drawPicture(stage),
    setSensitivity(level, thresholdPercent) {
      numbers = sensitivityNumbers(level, thresholdPercent);
    },
    reset,
    describe,
  };
}

function mannerOf(verdict: Verdict): number {
  if (verdict === 'settled') return LEARN_SETTLED;
  return verdict === 'light' || verdict === 'sway' ? LEARN_QUICKLY : LEARN_HELD;
}

function checkPlane(luma: Uint8Array, width: number, height: number, stride: number): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && Number.isInteger(stride);
  if (whole && width >= 1 && height >= 1 && stride >= width) {
    if (luma.length >= stride * (height - 1) + width) return;
  }
  throw new RangeError(`${luma.length} bytes are no plane of ${width}×${height} pixels, ${stride} bytes a row`);
}
