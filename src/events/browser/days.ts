/** Events enter; days leave, each with its events, and the place of an instant within its day. */

/** What of an event decides on its day: the capture time, in the camera's zone. */
export interface Timed {
  /** Milliseconds since 1970, UTC. */
  readonly startedAt: number;
  /** IANA zone of the camera. */
  readonly timeZone: string;
}

export interface Day<E extends Timed> {
  /** `2026-11-22` */
  readonly key: string;
  /** In the order in which they came. */
  readonly events: readonly E[];
}

export const MINUTES_OF_DAY = 24 * 60;

/** Groups events by the day that the camera's clock showed; days in the order of their first event, newest first. */
export function byDay<E extends Timed>(events: readonly E[]): Day<E>[] {
  const days = new Map<string, E[]>();
  for (const event of events) {
    const { day } = localTime(event);
    const same = days.get(day);
    if (same) same.push(event);
    else days.set(day, [event]);
  }
  return [...days].map(([key, list]) => ({ key, events: list })).sort((a, b) => (a.key < b.key ? 1 : -1));
}

/** Whether all of a day's events are here, where all that began after an instant are. @param completeSince ms since 1970; null: all */
export function isWhole<E extends Timed>({ key, events: [first] }: Day<E>, completeSince: number | null): boolean {
  if (completeSince === null || first === undefined) return true;
  return localTime({ startedAt: completeSince, timeZone: first.timeZone }).day < key;
}

/** Minute of the camera's day, 0 ≤ minute < 1440, with its fraction. */
export function minuteOfDay(event: Timed): number {
  return localTime(event).minute;
}

/** The event of a day nearest to a minute; undefined where there is none. */
export function nearest<E extends Timed>(events: readonly E[], minute: number): E | undefined {
  let best: E | undefined;
  for (const event of events) {
    if (best === undefined || Math.abs(minuteOfDay(event) - minute) < Math.abs(minuteOfDay(best) - minute))
      best = event;
  }
  return best;
}

/** Whether two zones show different clocks at an instant. */
export function clocksDiffer(epochMillis: number, zone: string, other: string): boolean {
  return (
    zone !== other &&
    localTime({ startedAt: epochMillis, timeZone: zone }).text !==
      localTime({ startedAt: epochMillis, timeZone: other }).text
  );
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime({ startedAt, timeZone }: Timed): {
  readonly day: string;
  readonly minute: number;
  readonly text: string;
} {
  const text = formatOf(timeZone).format(startedAt);
  const [day = '', time = ''] = text.split(/,? /);
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return { day, minute: hours * 60 + minutes + seconds / 60, text };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let found = formats.get(timeZone);
  if (!found) {
    const date = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
    // Swedish dates are ISO 8601.
    found = new Intl.DateTimeFormat('sv-SE', { ...date, ...time, timeZone: knownZone(timeZone) });
    formats.set(timeZone, found);
  }
  return found;
}

/** A zone that this browser knows: the given one, else UTC. */
export function knownZone(timeZone: string): string {
  try {
    new Intl.DateTimeFormat('sv-SE', { timeZone });
    return timeZone;
  } catch {
    return 'UTC';
  }
}
