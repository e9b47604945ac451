/** Enters each frame's candidate regions; leaves tracks: the same thing seen again, for how long, and whether it still moves. */
import type { Clock } from './clock.ts';
import type { Regions } from './regions.ts';

/** More things than this at once are weather; the newest are not followed. */
const MAX_TRACKS = 48;
/** Of these, at most so many in a frame are smaller than what alarms; in weather none. */
const MAX_SMALL = 12;
/** No person, animal or car moves more than this many of its own lengths a second; insects, rain and snow do. */
const LENGTHS_A_SECOND = 8;
/** And none goes on for the time of its confirmation at more than this: a sprinter makes five. */
const STEADY_LENGTHS_A_SECOND = 6.5;
/** A thing that turns up where none was, just after another of at most so many times its size has gone, is that one. */
const SAME_SIZE = 2.5;
/** A still region's centre moves by no more than this, its borders by no more than that, in cells. */
const MATCH_CELLS = 1;
const JITTER_CELLS = 2;
/** A thing not seen for this long is gone, in seconds. */
const FORGET_SECONDS = 0.3;
/** Shorter lives than this are clutter: weather, compression, noise. */
const CLUTTER_LIFE_SECONDS = 0.2;
/** How long clutter is remembered, in seconds. */
const CLUTTER_SECONDS = 5;
/** Where a thing is smaller than what alarms, the time for which it is seen counts this much, once it has moved. */
const SMALL_SHARE = 0.5;
/** From this many short lives a second on, there is weather. */
const CLUTTER_RATE = 2;
/** What each small thing adds to the mean size of the clutter. */
const AREA_RATE = 0.05;
/** A small thing adds at most this many times the mean and this many cells. */
const MOST_AREA_FACTOR = 1.5;
const MOST_AREA_CELLS = 8;
/** So many things at once, for seconds, are weather too: large snowflakes live long. */
const CLUTTER_COUNT = 4;
/** In weather, an object has to be this many times larger than the clutter. */
const CLUTTER_FACTOR = 3;

/** One thing that is followed; bounds are inclusive cells of its newest region. */
export interface Track {
  active: boolean;
  region: number;
  area: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** Its diagonal, in cells. */
  length: number;
  bornSeconds: number;
  /** Twice its centre then, in cells. */
  bornX: number;
  bornY: number;
  /** It turned up as another was lost, farther away than anything goes in a frame. */
  leapt: boolean;
  /** It was once as large as a thing that alarms. */
  counted: boolean;
  seenSeconds: number;
  /** What this frame adds to the time for which it was seen: nothing when it is new, and frames without it do not count. */
  stepSeconds: number;
  /** For how long it has been seen, each moment counting as much as it tells. */
  trustSeconds: number;
  /** Frames in which it was seen. */
  hits: number;
  confirmed: boolean;
  /** Since when its bounds are where they are, and where that is. */
  settledSeconds: number;
  settledLeft: number;
  settledTop: number;
  settledRight: number;
  settledBottom: number;
}

/** What is too small or too short-lived to be followed: rain, snow, noise. */
export interface Clutter {
  /** Short lives a second, over the last seconds. */
  rate: number;
  /** Cells of one, on the average. */
  area: number;
  /** Things in this frame. */
  followed: number;
  /** Things in a frame, on the average of the last seconds. */
  meanCount: number;
  /** Cells that a thing must have, given the weather, to count; 0 when it is calm. */
  leastArea: number;
}

/** All tracks; those inactive are free. */
export interface Tracks {
  readonly all: readonly Track[];
  readonly clutter: Readonly<Clutter>;
  /** Begins a frame: forgets what is gone. */
  begin(clock: Clock): void;
  /** Follows a region; answers its track, or null when none is free. Below `leastCells` it is no weather either. */
  follow(regions: Regions, region: number, leastCells: number, clock: Clock): Track | null;
  clear(): void;
}

/** Makes a set of tracks; all are allocated here. */
export function createTracks(): Tracks {
  const all = Array.from({ length: MAX_TRACKS }, emptyTrack);
  /** Things of this frame that are followed though too small to alarm. */
  let small = 0;
  const clutter: Clutter = { rate: 0, area: 0, followed: 0, meanCount: 0, leastArea: 0 };

  function begin(clock: Clock): void {
    const kept = Math.exp(-clock.elapsedSeconds / CLUTTER_SECONDS);
    clutter.rate *= kept;
    clutter.meanCount = clutter.followed + (clutter.meanCount - clutter.followed) * kept;
    clutter.followed = 0;
    small = 0;
    for (let i = 0; i < MAX_TRACKS; i++) {
      const track = all[i];
      track.region = -1;
      if (!track.active) continue;
      const missing = clock.seconds - track.seenSeconds;
      if (missing >= 0 && missing < FORGET_SECONDS) continue;
      track.active = false;
      if (!track.counted || track.seenSeconds - track.bornSeconds >= CLUTTER_LIFE_SECONDS) continue;
      clutter.rate += 1 / CLUTTER_SECONDS;
      learnArea(track.area);
    }
    judgeWeather();
  }

  /** A person among flakes would teach them their own size: what is much larger than the mean counts as a little larger. */
  function learnArea(area: number): void {
    const most = MOST_AREA_FACTOR * clutter.area + MOST_AREA_CELLS;
    clutter.area += ((area > most ? most : area) - clutter.area) * AREA_RATE;
  }

  function judgeWeather(): void {
    clutter.leastArea = CLUTTER_FACTOR * clutter.area;
    if (clutter.rate < CLUTTER_RATE && clutter.meanCount < CLUTTER_COUNT) clutter.leastArea = 0;
  }

  function follow(regions: Regions, region: number, leastCells: number, clock: Clock): Track | null {
    const counts = regions.area[region] >= leastCells;
    if (counts) clutter.followed++;
    else if (clutter.leastArea > 0 || small++ >= MAX_SMALL) return null;
    const track = nearest(regions, region, clock) ?? born(regions, region, clock);
    if (track === null) return null;
    if (counts) track.counted = true;
    if (counts && !track.confirmed) {
      learnArea(regions.area[region]);
      judgeWeather();
    }
    track.region = region;
    track.area = regions.area[region];
    track.left = regions.left[region];
    track.top = regions.top[region];
    track.right = regions.right[region];
    track.bottom = regions.bottom[region];
    track.length = lengthOf(track.right - track.left, track.bottom - track.top);
    track.stepSeconds = track.hits > 0 ? clock.elapsedSeconds : 0;
    if (!counts) track.stepSeconds *= hasMoved(track) ? SMALL_SHARE : 0;
    track.seenSeconds = clock.seconds;
    track.hits++;
    if (moved(track)) settle(track, clock);
    return track;
  }

  /** The free track nearest to the region, among those that could have got there. */
  function nearest(regions: Regions, region: number, clock: Clock): Track | null {
    const size = lengthOf(regions.right[region] - regions.left[region], regions.bottom[region] - regions.top[region]);
    const x = regions.left[region] + regions.right[region];
    const y = regions.top[region] + regions.bottom[region];
    let best: Track | null = null;
    let bestSquare = Number.POSITIVE_INFINITY;
    for (let i = 0; i < MAX_TRACKS; i++) {
      const track = all[i];
      if (!track.active || track.region >= 0) continue;
      const dx = (x - track.left - track.right) / 2;
      const dy = (y - track.top - track.bottom) / 2;
      const square = dx * dx + dy * dy;
      if (square >= bestSquare) continue;
      const length = size > track.length ? size : track.length;
      const reach = LENGTHS_A_SECOND * length * (clock.seconds - track.seenSeconds) + MATCH_CELLS;
      if (square > reach * reach) continue;
      best = track;
      bestSquare = square;
    }
    return best;
  }

  function born(regions: Regions, region: number, clock: Clock): Track | null {
    const leapt = lostOne(regions.area[region], clock);
    for (let i = 0; i < MAX_TRACKS; i++) {
      const track = all[i];
      if (track.active) continue;
      track.active = true;
      track.leapt = leapt;
      track.counted = false;
      track.confirmed = false;
      track.settledLeft = -99;
      track.left = regions.left[region];
      track.top = regions.top[region];
      track.right = regions.right[region];
      track.bottom = regions.bottom[region];
      bear(track, clock);
      return track;
    }
    return null;
  }

  /** Whether a thing of about this size was there in the frame before, and is not found again. */
  function lostOne(area: number, clock: Clock): boolean {
    for (let i = 0; i < MAX_TRACKS; i++) {
      const track = all[i];
      if (!track.active || track.confirmed || track.region >= 0) continue;
      if (clock.seconds - track.seenSeconds > 1.5 * clock.elapsedSeconds) continue;
      if (track.area < SAME_SIZE * area && area < SAME_SIZE * track.area) return true;
    }
    return false;
  }

  function clear(): void {
    for (let i = 0; i < MAX_TRACKS; i++) all[i].active = false;
    clutter.rate = 0;
    clutter.area = 0;
    clutter.meanCount = 0;
    clutter.followed = 0;
    clutter.leastArea = 0;
  }

  return { all, clutter, begin, follow, clear };
}

/** Counts a thing's time from here on. */
export function bear(track: Track, { seconds }: Clock): void {
  track.bornSeconds = seconds;
  track.bornX = track.left + track.right;
  track.bornY = track.top + track.bottom;
  track.trustSeconds = 0;
  track.hits = 0;
}

/** Whether any of a thing's borders has left its place since its time began. */
export function hasMoved(track: Track): boolean {
  return track.settledSeconds > track.bornSeconds;
}

/** Whether a thing is farther from where its time began than what walks, runs or drives can be. */
export function isTooFast(track: Track, { seconds }: Clock): boolean {
  const dx = (track.left + track.right - track.bornX) / 2;
  const dy = (track.top + track.bottom - track.bornY) / 2;
  const reach = STEADY_LENGTHS_A_SECOND * track.length * (seconds - track.bornSeconds) + MATCH_CELLS;
  return dx * dx + dy * dy > reach * reach;
}

/** A thing's diagonal, from the differences of its region's bounds, which the 3×3 sums push out by a cell on each side. */
function lengthOf(across: number, down: number): number {
  const width = Math.max(1, across - 1);
  const height = Math.max(1, down - 1);
  return Math.sqrt(width * width + height * height);
}

/** Whether any of its borders left the place where it settled. */
function moved(track: Track): boolean {
  return (
    Math.abs(track.left - track.settledLeft) > JITTER_CELLS ||
    Math.abs(track.right - track.settledRight) > JITTER_CELLS ||
    Math.abs(track.top - track.settledTop) > JITTER_CELLS ||
    Math.abs(track.bottom - track.settledBottom) > JITTER_CELLS
  );
}

function settle(track: Track, { seconds }: Clock): void {
  track.settledSeconds = seconds;
  track.settledLeft = track.left;
  track.settledTop = track.top;
  track.settledRight = track.right;
  track.settledBottom = track.bottom;
}

function emptyTrack(): Track {
  return {
    active: false,
    region: -1,
    area: 0,
    left: 0,
    top: 0,
    right: 0,
    bottom: 0,
    length: 0,
    bornSeconds: 0,
    bornX: 0,
    bornY: 0,
    leapt: false,
    counted: false,
    seenSeconds: 0,
    stepSeconds: 0,
    trustSeconds: 0,
    hits: 0,
    confirmed: false,
    settledSeconds: 0,
    settledLeft: 0,
    settledTop: 0,
    settledRight: 0,
    settledBottom: 0,
  };
}
