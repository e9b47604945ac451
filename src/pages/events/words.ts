/** An event enters; the words for it leave: when, how long, why, and who was told. */
import { clocksDiffer, knownZone } from '../../events/browser/days.ts';
import type { TimelineEvent } from '../../events/shared/schema.ts';
import { m } from '../../messages/generated/messages.js';
import { reasonText } from '../../motion/browser/reason-text.ts';
import type { Reason, ReasonCode } from '../../motion/shared/reason.ts';
import { clockTime, dayKey, exactTime, shortDay } from '../shell/time.ts';

type Delivery = TimelineEvent['deliveries'][number];

/** A camera cuts an event after two minutes: one that is open for longer has lost its end. */
const OPEN_MILLIS_MAX = 3 * 60_000;

const VIEWER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Capture time by the camera's clock: "14:31:07". */
export function timeOf({ startedAt, timeZone }: TimelineEvent): string {
  return clockTime(startedAt, { timeZone: knownZone(timeZone), seconds: true });
}

/** "Sunday 22 November 2026 at 14:31:07 CET". */
export function exactTimeOf({ startedAt, timeZone }: TimelineEvent): string {
  return exactTime(startedAt, knownZone(timeZone));
}

/** The camera's zone in words where its clock is not the viewer's; else null. */
export function zoneOf({ startedAt, timeZone }: TimelineEvent): string | null {
  if (!clocksDiffer(startedAt, timeZone, VIEWER_ZONE)) return null;
  return m.events_zone({ zone: knownZone(timeZone).replaceAll('_', ' ') });
}

/** Whether the movement goes on now, as far as is known. */
export function isGoingOn({ endedAt, startedAt, kind }: TimelineEvent, now: number): boolean {
  return endedAt === null && (kind === 'gap' || now - startedAt < OPEN_MILLIS_MAX);
}

/** "12 s", "2 min 5 s", "going on now". */
export function durationOf(event: TimelineEvent, now: number): string {
  if (isGoingOn(event, now)) return m.events_going_on();
  if (event.endedAt === null) return m.events_end_unknown();
  const total = Math.max(1, Math.round((event.endedAt - event.startedAt) / 1000));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  if (hours > 0) return m.events_hours({ hours, minutes });
  return minutes > 0 ? m.events_minutes({ minutes, seconds }) : m.events_seconds({ seconds });
}

const REASON_CODES: readonly ReasonCode[] = [
  'quiet',
  'learning',
  'object',
  'confirming',
  'settled',
  'too-small',
  'light-change',
  'local-light',
  'weather',
  'too-fast',
  'sway',
];

const GAPS: Readonly<Record<string, () => string>> = {
  'track-ended': () => m.events_gap_track_ended(),
  'track-muted': () => m.events_gap_track_muted(),
  'no-frames': () => m.events_gap_no_frames(),
  'page-gone': () => m.events_gap_page_gone(),
};

/** Why there is an event; an empty text where the camera, newer than this page, said something unknown. */
export function whyOf(event: TimelineEvent): string {
  const { code, values } = event.reason;
  if (event.kind === 'gap') {
    const cause = GAPS[code]?.();
    return cause === undefined ? m.events_gap() : m.events_gap_because({ cause });
  }
  const known = REASON_CODES.find((one) => one === code);
  if (known === undefined) return '';
  const number = (name: string, otherwise: number) => {
    const value = values[name];
    return typeof value === 'number' ? value : otherwise;
  };
  const reason: Reason = {
    code: known,
    areaRatio: number('areaRatio', event.score),
    thresholdRatio: number('thresholdRatio', 0),
    seconds: number('seconds', 0),
    gain: number('gain', 1),
  };
  return reasonText(reason).replace(/\.$/, '');
}

/** How far the message to one person has come, by the camera's clock; the server's own words where it refused. */
export function toldText({ channel, recipient, state, sentAt, error }: Delivery, event: TimelineEvent): string {
  if (state === 'sent') return sentText(channel, recipient, sentAt ?? event.receivedAt, event);
  if (state === 'refused')
    return error === null ? m.events_refused_plain({ recipient }) : m.events_refused({ recipient, error });
  if (state === 'unknown') return m.events_unknown({ recipient });
  if (state === 'queued') return error === null ? m.events_queued({ recipient }) : m.events_retry({ recipient, error });
  return m.events_sending({ recipient });
}

/** With its day where that is not the event's: a mail that waited may go days later. */
function sentText(channel: Delivery['channel'], recipient: string, sentAt: number, event: TimelineEvent): string {
  const timeZone = knownZone(event.timeZone);
  const time = clockTime(sentAt, { timeZone, seconds: true });
  const kept = channel === 'mailbox';
  if (dayKey(sentAt, timeZone) === dayKey(event.startedAt, timeZone))
    return kept ? m.events_kept({ time }) : m.events_sent({ recipient, time });
  const day = shortDay(sentAt, event.startedAt, timeZone);
  return kept ? m.events_kept_on({ day, time }) : m.events_sent_on({ recipient, day, time });
}
