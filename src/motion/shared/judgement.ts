/** Enters a frame's measured regions; leaves what each is (object, light, sway, weather) and how much of each there is. */
import type { Clock } from './clock.ts';
import { type Evidence, SWAY_RATIO } from './evidence.ts';
import { MAX_REGIONS, type Regions } from './regions.ts';
import { createTracks, type Track, type Tracks } from './tracks.ts';

/** What a region was found to be. */
export type Verdict = 'light' | 'sway' | 'weather' | 'confirming' | 'object' | 'settled';

/** A thing must have been seen for this long, and in this many frames. */
const CONFIRM_SECONDS = 0.2;
const CONFIRM_FRAMES = 3;
/** A thing whose borders have been still for this long no longer alarms. */
const SETTLED_SECONDS = 2;
/** Less unexplained texture than this is the old texture in another light. */
const LEAST_NOVELTY = 0.3;
/** Softer borders than this are those of light. */
const LEAST_SHARPNESS = 0.1;
/** A dot of one cell reaches 4; beyond that, the borders are those of something beside the region. */
const MOST_SHARPNESS = 4;
/** What sways looks like its surroundings in this share of its cells. */
const SWAY_SHARE = 0.8;
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
  /** Judges all regions; `cells` are those of the whole grid. */
  judge(regions: Regions, evidence: Evidence, cells: number, clock: Clock): void;
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
    confirming: 0,
    object: 0,
    settled: 0,
  };

  function judge(regions: Regions, evidence: Evidence, cells: number, clock: Clock): void {
    tracks.begin(clock);
    areas.light = areas.sway = areas.weather = 0;
    areas.confirming = areas.object = areas.settled = 0;
    for (let region = 0; region < regions.count; region++) {
      const area = regions.area[region];
      things[region] = null;
      let verdict = stillVerdict(evidence, region, area / cells);
      if (verdict === 'object') {
        const track = tracks.follow(regions, region, clock);
        things[region] = track;
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
  if (evidence.novelty[region] < LEAST_NOVELTY) return 'light';
  const sharpness = evidence.sharpness[region];
  if (sharpness < LEAST_SHARPNESS || sharpness > MOST_SHARPNESS) return 'light';
  return evidence.sway[region] > SWAY_SHARE && ratio < SWAY_RATIO ? 'sway' : 'object';
}

/** What the frames before tell too. */
function movingVerdict(track: Track | null, area: number, { clutter }: Tracks, { seconds }: Clock): Verdict {
  if (track === null) return 'weather';
  if (track.confirmed && area < clutter.leastArea * KEPT_SHARE) return 'weather';
  if (!track.confirmed) {
    if (area < clutter.leastArea) {
      track.bornSeconds = seconds;
      track.hits = 0;
      return 'weather';
    }
    const age = seconds - track.bornSeconds;
    if (age < CONFIRM_SECONDS - TICK_SECONDS || track.hits < CONFIRM_FRAMES) return 'confirming';
    track.confirmed = true;
  }
  return seconds - track.settledSeconds > SETTLED_SECONDS ? 'settled' : 'object';
}
