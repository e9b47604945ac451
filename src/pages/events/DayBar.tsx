/** One day of events enters; its name, the ways to the days beside it, and its strip of 24 hours leave. */
import { type Day, knownZone } from '../../events/browser/days.ts';
import type { TimelineEvent } from '../../events/shared/schema.ts';
import { m } from '../../messages/generated/messages.js';
import { dayName } from '../shell/time.ts';
import { DayStrip } from './DayStrip.tsx';

interface DayBarProps {
  readonly day: Day<TimelineEvent>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Key of the event that is chosen; null: none. */
  readonly selected: string | null;
  /** Whether all of its events are here. */
  readonly isWhole: boolean;
  /** Whether there is no day before it. */
  readonly isFirst: boolean;
  /** Whether there is no day after it. */
  readonly isLast: boolean;
  /** 1: a day back; -1: a day on. */
  onStep(by: 1 | -1): void;
  onPick(event: TimelineEvent): void;
}

export function DayBar({ day, now, selected, isWhole, isFirst, isLast, onStep, onPick }: DayBarProps) {
  const [newest] = day.events;
  if (!newest) return null;
  const count = day.events.length;
  return (
    <div class="stack event-day-bar">
      <div class="event-day-choice">
        <button
          type="button"
          class="button button-quiet"
          aria-label={m.events_day_before()}
          aria-disabled={isFirst}
          onClick={() => !isFirst && onStep(1)}
        >
          <span aria-hidden="true">‹</span>
        </button>
        <p>
          {dayName(newest.startedAt, now, knownZone(newest.timeZone))} ·{' '}
          <span class="muted">{isWhole ? m.events_strip_text({ count }) : m.events_strip_text_partial({ count })}</span>
        </p>
        <button
          type="button"
          class="button button-quiet"
          aria-label={m.events_day_after()}
          aria-disabled={isLast}
          onClick={() => !isLast && onStep(-1)}
        >
          <span aria-hidden="true">›</span>
        </button>
      </div>
      <DayStrip events={day.events} selected={selected} onPick={onPick} />
    </div>
  );
}
