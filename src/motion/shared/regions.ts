/** Enters the cells' deviations; leaves connected regions of foreground with their sizes. */
import { SIGMA } from './background-model.ts';
import type { PixelMemory } from './pixel-memory.ts';

/** More regions than this in one frame are noise; the rest is dropped. */
export const MAX_REGIONS = 256;
/** One sigma of a sum over 3×3 deviations: nine independent cells have three times one cell's. */
export const SUM_OF_SIGMA = 3 * SIGMA;
/** Zeros beside a row of sums. */
const MARGIN = 8;

/** Regions of the newest frame, one index a region below `count`; bounds are inclusive cells. */
export interface Regions {
  count: number;
  /** Foreground cells, those of dropped regions included. */
  changedCells: number;
  readonly area: Int32Array;
  readonly left: Int16Array;
  readonly top: Int16Array;
  readonly right: Int16Array;
  readonly bottom: Int16Array;
  /** Runs of foreground cells: row, first and last column, region index or −1. */
  runCount: number;
  readonly runRow: Int16Array;
  readonly runStart: Int16Array;
  readonly runEnd: Int16Array;
  readonly runRegion: Int16Array;
  /** Finds the regions of at least `leastArea` cells whose 3×3 sum lies `limit` off. */
  find(deviation: Int16Array, limit: number, leastArea: number): void;
  /** Writes `value` to the foreground cells of a picture of the grid. */
  draw(picture: Uint8ClampedArray, value: number): void;
}

/** Makes a finder for a grid of `width × height` cells. */
export function createRegions(width: number, height: number, memory: PixelMemory): Regions {
  const cells = width * height;
  const most = height * ((width + 1) >> 1);
  const parent = new Int32Array(most);
  const runArea = new Int32Array(most);
  /** By column + 8: the deviations of three rows; zeros at either side. */
  const sums = memory.array(Int16Array, width + 2 * MARGIN);
  const { kernels } = memory;
  const regions: Regions = {
    count: 0,
    changedCells: 0,
    area: new Int32Array(MAX_REGIONS),
    left: new Int16Array(MAX_REGIONS),
    top: new Int16Array(MAX_REGIONS),
    right: new Int16Array(MAX_REGIONS),
    bottom: new Int16Array(MAX_REGIONS),
    runCount: 0,
    runRow: memory.array(Int16Array, most),
    runStart: memory.array(Int16Array, most),
    runEnd: memory.array(Int16Array, most),
    runRegion: new Int16Array(most),
    find,
    draw,
  };
  const { area, left, top, right, bottom, runRow, runStart, runEnd, runRegion } = regions;

  function root(run: number): number {
    let at = run;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }

  /** Runs of cells whose 3×3 sum is beyond the limit. */
  function findRuns(deviation: Int16Array, limit: number): number {
    let runs = 0;
    sums.fill(0);
    for (let column = 0; column < width; column++) sums[column + MARGIN] = deviation[column];
    for (let row = 0; row < height; row++) {
      moveSums(deviation, row * width);
      let start = -1;
      let before = 0;
      let here = sums[MARGIN];
      for (let column = 0; column <= width; column++) {
        const after = sums[column + MARGIN + 1];
        const sum = before + here + after;
        before = here;
        here = after;
        if (column < width && (sum >= limit || sum <= -limit)) {
          if (start < 0) start = column;
          continue;
        }
        if (start < 0) continue;
        runRow[runs] = row;
        runStart[runs] = start;
        runEnd[runs] = column - 1;
        runs++;
        start = -1;
      }
    }
    return runs;
  }

  /** Makes one set of the runs that touch, corners included: each meets those of the row above, from left to right. */
  function joinRuns(): void {
    let row = -1;
    let from = 0;
    let candidate = 0;
    let above = 0;
    for (let run = 0; run < regions.runCount; run++) {
      parent[run] = run;
      if (runRow[run] !== row) {
        candidate = runRow[run] === row + 1 ? from : run;
        above = run;
        from = run;
        row = runRow[run];
      }
      const start = runStart[run] - 1;
      const end = runEnd[run] + 1;
      while (candidate < above && runEnd[candidate] < start) candidate++;
      for (let up = candidate; up < above && runStart[up] <= end; up++) join(up, run);
    }
  }

  /** From the sums over the rows above a line to those over the line and its neighbours. */
  function moveSums(deviation: Int16Array, line: number): void {
    const next = line + width;
    const gone = line - 2 * width;
    if (gone >= 0) for (let x = 0; x < width; x++) sums[x + MARGIN] -= deviation[gone + x];
    if (next < cells) for (let x = 0; x < width; x++) sums[x + MARGIN] += deviation[next + x];
  }

  function join(one: number, other: number): void {
    const a = root(one);
    const b = root(other);
    if (a < b) parent[b] = a;
    else parent[a] = b;
  }

  function find(deviation: Int16Array, limit: number, leastArea: number): void {
    regions.runCount =
      kernels === null
        ? findRuns(deviation, limit)
        : kernels.findRuns(
            deviation.byteOffset,
            width,
            height,
            limit,
            sums.byteOffset,
            runRow.byteOffset,
            runStart.byteOffset,
            runEnd.byteOffset,
          );
    const runs = regions.runCount;
    joinRuns();
    regions.changedCells = 0;
    for (let run = 0; run < runs; run++) runArea[run] = 0;
    for (let run = 0; run < runs; run++) {
      const area = runEnd[run] - runStart[run] + 1;
      runArea[root(run)] += area;
      regions.changedCells += area;
    }
    let count = 0;
    for (let run = 0; run < runs; run++) {
      const start = runStart[run];
      const end = runEnd[run];
      const row = runRow[run];
      const first = root(run);
      if (first === run) {
        if (runArea[run] < leastArea || count === MAX_REGIONS) {
          runRegion[run] = -1;
          continue;
        }
        runRegion[run] = count;
        area[count] = runArea[run];
        left[count] = start;
        right[count] = end;
        top[count] = row;
        bottom[count] = row;
        count++;
        continue;
      }
      const region = runRegion[first];
      runRegion[run] = region;
      if (region < 0) continue;
      if (start < left[region]) left[region] = start;
      if (end > right[region]) right[region] = end;
      bottom[region] = row;
    }
    regions.count = count;
  }

  function draw(picture: Uint8ClampedArray, value: number): void {
    for (let run = 0; run < regions.runCount; run++) {
      const line = runRow[run] * width;
      picture.fill(value, line + runStart[run], line + runEnd[run] + 1);
    }
  }

  return regions;
}
