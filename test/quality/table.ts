/** Enters scores; leaves the table that a person reads. */
import { type ClipScore, totalScore } from './score.ts';

/** One line for each clip: hits of events with latencies, and when false alarms came. */
export function clipLines(scores: readonly ClipScore[]): string[] {
  return scores.map((score) => {
    const hits = score.hits.map((h) => h.latencySeconds?.toFixed(2) ?? 'missed').join(' ');
    const wrong = score.falseAlarms.map((t) => `!${t.toFixed(1)}`).join(' ');
    return `${score.id.padEnd(24)} ${hits.padEnd(22)} ${wrong}`.trimEnd();
  });
}

/** The sums in two lines, a heading and the figures. */
export function totalLines(name: string, scores: readonly ClipScore[]): string[] {
  const total = totalScore(scores);
  const seconds = (value: number | null) => (value === null ? '-' : `${value.toFixed(2)}s`);
  const cells = [
    ['events', String(total.events)],
    ['recall', total.recall.toFixed(2)],
    ['rec@1s', total.recallWithinOneSecond.toFixed(2)],
    ['F1@1s', total.f1WithinOneSecond.toFixed(3)],
    ['false', String(total.falseAlarms)],
    ['quiet', `${total.quietMinutes.toFixed(1)}m`],
    ['lat.med', seconds(total.latencyMedianSeconds)],
    ['lat.p90', seconds(total.latencyP90Seconds)],
  ];
  const line = (label: string, at: 0 | 1) =>
    label.padEnd(16) + cells.map((cell) => (cell[at] ?? '').padStart(9)).join('');
  return [line('detector', 0), line(name, 1)];
}
