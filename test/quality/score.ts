/** Enters alarms per frame and a clip's truth; leaves hits, latencies and false alarms. */
import type { Clip } from './corpus.ts';

/** One intrusion's outcome; `latencySeconds` counts from its first visible pixel. */
export interface Hit {
  what: string;
  hit: boolean;
  latencySeconds: number | null;
}

/** One clip's outcome. */
export interface ClipScore {
  id: string;
  hits: Hit[];
  /** Seconds at which each false alarm began. */
  falseAlarms: number[];
  /** Seconds in which an alarm would have been false. */
  quietSeconds: number;
}

/** Sums over clips; `…WithinOneSecond` counts a hit only when its latency is at most 1 s. */
export interface TotalScore {
  events: number;
  recall: number;
  recallWithinOneSecond: number;
  f1WithinOneSecond: number;
  falseAlarms: number;
  quietMinutes: number;
  latencyMedianSeconds: number | null;
  latencyP90Seconds: number | null;
}

/** An alarm this early still belongs to the intrusion (the truth is set by eye). */
const EARLY_SECONDS = 0.2;
const LATE_SECONDS = 0.5;
/** Around an intrusion, alarms are neither hits nor false. */
const LEAD_SECONDS = 0.5;
const TAIL_SECONDS = 2;
/** False alarm frames this close together are one mail. */
const SAME_ALARM_SECONDS = 10;

/** Scores one clip; `alarms[i]` is the answer to frame i, at i ÷ fps seconds. */
export function scoreClip(clip: Clip, alarms: readonly boolean[]): ClipScore {
  const times = alarms.flatMap((alarm, i) => (alarm ? [i / clip.fps] : []));
  const hits = clip.events.map((event): Hit => {
    const first = times.find((t) => t >= event.t0 - EARLY_SECONDS && t <= event.t1 + LATE_SECONDS);
    const latencySeconds = first === undefined ? null : Math.max(0, first - event.t0);
    return { what: event.what ?? '', hit: first !== undefined, latencySeconds };
  });
  const allowed = [
    [0, clip.warmup] as const,
    ...clip.events.map((event) => [event.t0 - LEAD_SECONDS, event.t1 + TAIL_SECONDS] as const),
    ...clip.ignore,
  ];
  const isAllowed = (t: number) => allowed.some(([from, to]) => from <= t && t <= to);
  const falseAlarms: number[] = [];
  for (const t of times) {
    const last = falseAlarms.at(-1);
    if (!isAllowed(t) && (last === undefined || t - last >= SAME_ALARM_SECONDS)) falseAlarms.push(t);
  }
  const quietFrames = alarms.filter((_, i) => !isAllowed(i / clip.fps)).length;
  return { id: clip.id, hits, falseAlarms, quietSeconds: quietFrames / clip.fps };
}

/** Sums clips up; latencies over the hits only. */
export function totalScore(scores: readonly ClipScore[]): TotalScore {
  const hits = scores.flatMap((score) => score.hits);
  const latencies = hits.flatMap((h) => (h.latencySeconds === null ? [] : [h.latencySeconds]));
  latencies.sort((a, b) => a - b);
  const found = latencies.length;
  const quick = latencies.filter((latency) => latency <= 1).length;
  const falseAlarms = scores.reduce((sum, score) => sum + score.falseAlarms.length, 0);
  const recallQuick = ratio(quick, hits.length);
  const precisionQuick = ratio(quick, quick + falseAlarms);
  return {
    events: hits.length,
    recall: ratio(found, hits.length),
    recallWithinOneSecond: recallQuick,
    f1WithinOneSecond: ratio(2 * precisionQuick * recallQuick, precisionQuick + recallQuick),
    falseAlarms,
    quietMinutes: scores.reduce((sum, score) => sum + score.quietSeconds, 0) / 60,
    latencyMedianSeconds: quantile(latencies, 0.5),
    latencyP90Seconds: quantile(latencies, 0.9),
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Linear between neighbours, as numpy.percentile. */
function quantile(sorted: readonly number[], q: number): number | null {
  if (sorted.length === 0) return null;
  const at = q * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}
