/** Enters the cells' deviations; leaves connected regions of foreground with their sizes. */
import { SIGMA } from './background-model.ts';

/** More regions than this in one frame are noise; the rest is dropped. */
export const MAX_REGIONS = 256;

/** Regions of the newest frame, one index a region below `count`; bounds are inclusive cells. */
export interface Regions {
  count: number;
  /** Foreground cells, those of dropped regions included. */
  changedCells: number;
  readonly mask: Uint8Array;
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
}

/** Makes a finder for a grid of `width × height` cells. */
export function createRegions(width: number, height: number): Regions {
  const cells = width * height;
  const most = height * ((width + 1) >> 1);
  const parent = new Int32Array(most);
  const runArea = new Int32Array(most);
  const across = new Int16Array(cells);
  const regions: Regions = {
    count: 0,
    changedCells: 0,
    mask: new Uint8Array(cells),
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
  };
  const { mask, area, left, top, right, bottom, runRow, runStart, runEnd, runRegion } = regions;

  function root(run: number): number {
    let at = run;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }

  /** The sum of 3×3 independent cells has three times one cell's sigma. */
  function threshold(deviation: Int16Array, sigmas: number): void {
    const limit = Math.round(3 * SIGMA * sigmas);
    for (let row = 0, i = 0; row < height; row++) {
      let before = 0;
      let here = deviation[i];
      for (let column = 1; column < width; column++, i++) {
        const after = deviation[i + 1];
        across[i] = before + here + after;
        before = here;
        here = after;
      }
      across[i] = before + here;
      i++;
    }
    let changed = 0;
    for (let row = 0, i = 0; row < height; row++) {
      const above = row > 0 ? -width : cells;
      const below = row < height - 1 ? width : cells;
      for (let column = 0; column < width; column++, i++) {
        const sum = across[i] + (across[i + above] ?? 0) + (across[i + below] ?? 0);
        const on = sum >= limit || sum <= -limit ? 1 : 0;
        mask[i] = on;
        changed += on;
      }
    }
    regions.changedCells = changed;
  }

  function findRuns(): void {
    let runs = 0;
    let aboveFrom = 0;
    let aboveTo = 0;
    for (let row = 0; row < height; row++) {
      const from = runs;
      const line = row * width;
      let candidate = aboveFrom;
      for (let column = 0; column < width; column++) {
        if (mask[line + column] === 0) continue;
        const start = column;
        while (column < width && mask[line + column] !== 0) column++;
        const end = column - 1;
        runRow[runs] = row;
        runStart[runs] = start;
        runEnd[runs] = end;
        parent[runs] = runs;
        while (candidate < aboveTo && runEnd[candidate] < start - 1) candidate++;
        for (let up = candidate; up < aboveTo && runStart[up] <= end + 1; up++) {
          const a = root(up);
          const b = root(runs);
          if (a < b) parent[b] = a;
          else parent[a] = b;
        }
        runs++;
      }
      aboveFrom = from;
      aboveTo = runs;
    }
    regions.runCount = runs;
  }

  function find(deviation: Int16Array, sigmas: number, leastArea: number): void {
    threshold(deviation, sigmas);
    findRuns();
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

  return regions;
}
