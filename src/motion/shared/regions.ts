/** Enters the cells' deviations; leaves connected regions of foreground with their sizes. */
import { SIGMA } from './background-model.ts';

/** More regions than this in one frame are noise; the rest is dropped. */
export const MAX_REGIONS = 256;

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
  /** Finds the regions of at least `leastArea` cells whose 3×3 sum lies `sigmas` off. */
  find(deviation: Int16Array, sigmas: number, leastArea: number): void;
  /** Writes `value` to the foreground cells of a picture of the grid. */
  draw(picture: Uint8ClampedArray, value: number): void;
}

/** Makes a finder for a grid of `width × height` cells. */
export function createRegions(width: number, height: number): Regions {
  const cells = width * height;
  const most = height * ((width + 1) >> 1);
  const parent = new Int32Array(most);
  const runArea = new Int32Array(most);
  /** By column + 1: the deviations of three rows; a zero at either side. */
  const sums = new Int16Array(width + 3);
  const regions: Regions = {
    count: 0,
    changedCells: 0,
    area: new Int32Array(MAX_REGIONS),
    left: new Int16Array(MAX_REGIONS),
    top: new Int16Array(MAX_REGIONS),
    right: new Int16Array(MAX_REGIONS),
    bottom: new Int16Array(MAX_REGIONS),
    runCount: 0,
    runRow: new Int16Array(most),
    runStart: new Int16Array(most),
    runEnd: new Int16Array(most),
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

  /** Runs of cells whose 3×3 sum is beyond the limit: nine independent cells have three times one cell's sigma. */
  function findRuns(deviation: Int16Array, sigmas: number): void {
    const limit = Math.round(3 * SIGMA * sigmas);
    let runs = 0;
    let changed = 0;
    let aboveFrom = 0;
    let aboveTo = 0;
    sums.fill(0);
    for (let column = 0; column < width; column++) sums[column + 1] = deviation[column];
    for (let row = 0; row < height; row++) {
      const from = runs;
      const line = row * width;
      moveSums(deviation, line);
      let candidate = aboveFrom;
      let start = -1;
      let before = 0;
      let here = sums[1];
      for (let column = 0; column <= width; column++) {
        const after = sums[column + 2];
        const sum = before + here + after;
        before = here;
        here = after;
        if (column < width && (sum >= limit || sum <= -limit)) {
          if (start < 0) start = column;
          continue;
        }
        if (start < 0) continue;
        const end = column - 1;
        runRow[runs] = row;
        runStart[runs] = start;
        runEnd[runs] = end;
        parent[runs] = runs;
        changed += column - start;
        while (candidate < aboveTo && runEnd[candidate] < start - 1) candidate++;
        for (let up = candidate; up < aboveTo && runStart[up] <= end + 1; up++) join(up, runs);
        runs++;
        start = -1;
      }
      aboveFrom = from;
      aboveTo = runs;
    }
    regions.runCount = runs;
    regions.changedCells = changed;
  }

  /** From the sums over the rows above a line to those over the line and its neighbours. */
  function moveSums(deviation: Int16Array, line: number): void {
    const next = line + width;
    const gone = line - 2 * width;
    if (gone >= 0) for (let x = 0; x < width; x++) sums[x + 1] -= deviation[gone + x];
    if (next < cells) for (let x = 0; x < width; x++) sums[x + 1] += deviation[next + x];
  }

  function join(one: number, other: number): void {
    const a = root(one);
    const b = root(other);
    if (a < b) parent[b] = a;
    else parent[a] = b;
  }

  function find(deviation: Int16Array, sigmas: number, leastArea: number): void {
    findRuns(deviation, sigmas);
    const runs = regions.runCount;
    for (let run = 0; run < runs; run++) runArea[run] = 0;
    for (let run = 0; run < runs; run++) {
      runArea[root(run)] += runEnd[run] - runStart[run] + 1;
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
