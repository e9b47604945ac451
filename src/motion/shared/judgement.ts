/** Enters a frame's measured regions; leaves what each is (object, light, sway, weather) and how much of each there is. */
import type { Clock } from './clock.ts';
import { ASKED_RATIO, type Evidence } from './evidence.ts';
import { MAX_REGIONS, type Regions } from './regions.ts';
import { bear, createTracks, hasMoved, isTooFast, type Track, type Tracks } from './tracks.ts';

/** What a region was found to be. */
export type Verdict = 'light' | 'sway' | 'weather' | 'too-fast' | 'confirming' | 'object' | 'settled';

/** A thing must have been seen for this long, and in this many frames. */
const CONFIRM_SECONDS = 0.2;
const CONFIRM_FRAMES = 3;
/** A thing whose borders have been still for this long no longer alarms. */
const SETTLED_SECONDS = 2;
/** Less unexplained texture than this is the old texture in another light. */
const LEAST_NOVELTY = 0.3;
/** Or than this where its borders are sharp, unless they are those of the surroundings. */
const LEAST_SHARP_NOVELTY = 0.12;
/** Softer borders than this are those of light. */
const LEAST_SHARPNESS = 0.1;
/** The product of both: where one is weak the other has to be strong. Light leaves both near 0. */
const LEAST_PRODUCT = 0.04;
/** From this product on each second of a thing counts in full, below that in proportion: what is faint is watched longer. */
const FULL_PRODUCT = 0.12;
/** A dot of one cell reaches 4; beyond that, the borders are those of something beside the region. */
const MOST_SHARPNESS = 4;
/** What sways looks like its surroundings in this share of its cells. */
const SWAY_SHARE = 0.8;
/** Where novelty is weak, this share is enough. */
const FAINT_SWAY_SHARE = 0.7;
/** What sways mostly covers at most this share of the picture, a strip along what moves; in larger regions nearly all has to. */
const SWAY_RATIO = 0.005;
const LARGE_SWAY_SHARE = 0.95;
/** A thing that was large enough for the weather may shrink to this share of it. */
const KEPT_SHARE = 0.5;
/** Rounding of time stamps. */
const TICK_SECONDS = 0.005;

/** The newest frame's judgement. */
export interface Judgement {
  /** By region index. */
  readonly verdicts: readonly Verdict[];
  /** The thing that each region belongs to, by region index; null where none is followed. */
  readonly things: readonly (Track | null)[];
  readonly tracks: Tracks;
  /** Cells of all regions of a verdict. */
  areaOf(verdict: Verdict): number;
  /** Judges all regions; `cells` are those of the whole grid, `leastCells` those of a thing that alarms. */
  judge(regions: Regions, evidence: Evidence, cells: number, leastCells: number, clock: Clock): void;
  clear(): void;
}

/** Makes a judge; it remembers what it follows. */
export function createJudgement(): Judgement {
  const verdicts = Array.from({ length: MAX_REGIONS }, (): Verdict => 'light');
  const things = Array.from({ length: MAX_REGIONS }, (): Track | null => null);
  const tracks = createTracks();
  const areas: Record<Verdict, number> = {
    light: 0,
    sway: 0,
    weather: 0,
    'too-fast': 0,
    confirming: 0,
    object: 0,
    settled: 0,
  };

  function judge(regions: Regions, evidence: Evidence, cells: number, leastCells: number, clock: Clock): void {
    tracks.begin(clock);
    areas.light = areas.sway = areas.weather = areas['too-fast'] = 0;
    areas.confirming = areas.object = areas.settled = 0;
    for (let region = 0; region < regions.count; region++) {
      const area = regions.area[region];
      things[region] = null;
      let verdict = stillVerdict(evidence, region, area / cells);
      if (verdict === 'object') {
        const track = tracks.follow(regions, region, leastCells, clock);
        things[region] = track;
        if (track !== null) trust(track, evidence, region);
        verdict = movingVerdict(track, area, tracks, clock);
      }
      verdicts[region] = verdict;
      areas[verdict] += area;
    }
  }

  return {
    verdicts,
    things,
    tracks,
    areaOf: (verdict) => areas[verdict],
    judge,
    clear: () => tracks.clear(),
  };
}

/** What this frame alone tells. */
function stillVerdict(evidence: Evidence, region: number, ratio: number): Verdict {
  const novelty = evidence.novelty[region];
  const sharpness = evidence.sharpness[region];
  if (sharpness < LEAST_SHARPNESS || sharpness > MOST_SHARPNESS || novelty * sharpness < LEAST_PRODUCT) return 'light';
  if (novelty < LEAST_NOVELTY) {
    if (novelty < LEAST_SHARP_NOVELTY || ratio > ASKED_RATIO || evidence.noisy[region] === 1) return 'light';
    return evidence.sway[region] > FAINT_SWAY_SHARE ? 'sway' : 'object';
  }
  return evidence.sway[region] > (ratio < SWAY_RATIO ? SWAY_SHARE : LARGE_SWAY_SHARE) ? 'sway' : 'object';
}

/** Counts the time since the thing was seen before, by how clearly it is seen. */
function trust(track: Track, evidence: Evidence, region: number): void {
  const novelty = evidence.novelty[region];
  const product = novelty * evidence.sharpness[region];
  let clear = product < FULL_PRODUCT ? product / FULL_PRODUCT : 1;
  if (novelty < LEAST_NOVELTY) clear *= hasMoved(track) ? novelty / LEAST_NOVELTY : 0;
  track.trustSeconds += track.stepSeconds * clear;
}

/** What the frames before tell too. */
function movingVerdict(track: Track | null, area: number, { clutter }: Tracks, clock: Clock): Verdict {
  if (track === null) return 'weather';
  if (track.confirmed && area < clutter.leastArea * KEPT_SHARE) return 'weather';
  if (!track.confirmed) {
    if (area < clutter.leastArea) {
      bear(track, clock);
      return 'weather';
    }
    if (track.trustSeconds < CONFIRM_SECONDS - TICK_SECONDS || track.hits < CONFIRM_FRAMES) {
      return track.leapt ? 'too-fast' : 'confirming';
    }
    if (isTooFast(track, clock)) {
      bear(track, clock);
      track.leapt = true;
      return 'too-fast';
    }
    track.confirmed = true;
  }
  return clock.seconds - track.settledSeconds > SETTLED_SECONDS ? 'settled' : 'object';
}
