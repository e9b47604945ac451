/** The events of one day enter; a strip of 24 hours leaves, with a mark for each, that one drags over to get to it. */
import { MINUTES_OF_DAY, minuteOfDay, nearest } from '../../events/browser/days.ts';
import { keyText } from '../../events/browser/timeline-store.ts';
import type { TimelineEvent } from '../../events/shared/schema.ts';
import { m } from '../../messages/generated/messages.js';
import { timeOf } from './words.ts';

export interface DayStripProps {
  /** Newest first. */
  readonly events: readonly TimelineEvent[];
  /** Key of the event that is chosen; null: none of this day. */
  readonly selected: string | null;
  onPick(event: TimelineEvent): void;
}

const HOURS = [0, 3, 6, 9, 12, 15, 18, 21, 24];
/** Narrowest mark that can still be seen, minutes. */
const MARK_MINUTES = 5;

export function DayStrip({ events, selected, onPick }: DayStripProps) {
  const current = events.find((event) => keyText(event) === selected) ?? events[0];
  const step = (by: number) => {
    const index = current === undefined ? -1 : events.indexOf(current);
    const next = events[index + by];
    if (next) onPick(next);
  };
  return (
    <div class="strip">
      <svg class="strip-marks" viewBox={`0 0 ${MINUTES_OF_DAY} 32`} preserveAspectRatio="none" aria-hidden="true">
        {HOURS.map((hour) => (
          <line key={hour} x1={hour * 60} x2={hour * 60} y1="0" y2="32" />
        ))}
        {events.map((event) => (
          <rect
            key={keyText(event)}
            class={`strip-mark strip-${event.kind}${event === current ? ' strip-current' : ''}`}
            x={Math.min(minuteOfDay(event), MINUTES_OF_DAY - MARK_MINUTES)}
            y={topOf(event, event === current)}
            width={widthOf(event)}
            height={32 - topOf(event, event === current)}
          />
        ))}
      </svg>
      <input
        class="strip-handle"
        type="range"
        min="0"
        max={MINUTES_OF_DAY - 1}
        value={current ? Math.floor(minuteOfDay(current)) : 0}
        disabled={events.length === 0}
        aria-label={m.events_strip()}
        aria-valuetext={
          current ? m.events_strip_value({ time: timeOf(current), camera: current.cameraName }) : m.events_strip_none()
        }
        onInput={({ currentTarget }) => {
          const found = nearest(events, Number(currentTarget.value));
          if (found) onPick(found);
        }}
        onKeyDown={(press) => {
          const by = { ArrowRight: -1, ArrowUp: -1, ArrowLeft: 1, ArrowDown: 1 }[press.key];
          if (by === undefined) return;
          press.preventDefault();
          step(by);
        }}
      />
      <div class="strip-hours" aria-hidden="true">
        {HOURS.filter((hour) => hour % 6 === 0).map((hour) => (
          <span key={hour}>{String(hour).padStart(2, '0')}</span>
        ))}
      </div>
    </div>
  );
}

/** The chosen mark is as high as the strip; an interruption's is low, so that it is not told apart by its colour alone. */
function topOf({ kind }: TimelineEvent, isCurrent: boolean): number {
  if (isCurrent) return 0;
  return kind === 'gap' ? 20 : 8;
}

/** A mark is as wide as the event is long, and wide enough to be seen. */
function widthOf({ startedAt, endedAt }: TimelineEvent): number {
  return Math.max(MARK_MINUTES, Math.min(60, ((endedAt ?? startedAt) - startedAt) / 60_000));
}
