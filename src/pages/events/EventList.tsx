/** Events by day enter; their articles leave, newest first, with keys to go through them. */
import { byDay, knownZone } from '../../events/browser/days.ts';
import { keyText } from '../../events/browser/timeline-store.ts';
import type { TimelineEvent } from '../../events/shared/schema.ts';
import { dayName } from '../shell/time.ts';
import { EventCard, elementId } from './EventCard.tsx';

export interface EventListProps {
  /** Newest first. */
  readonly events: readonly TimelineEvent[];
  readonly now: number;
  /** Key of the event that Tab reaches and keys begin from; null: the first. */
  readonly selected: string | null;
  /** Key of the event that is shown large. */
  readonly opened: string | null;
  onSelect(key: string): void;
  /** Null: none. */
  onOpen(key: string | null): void;
  onDelete(event: TimelineEvent): void;
}

/** Brings an event into sight and gives it the focus. */
export function focusEvent(key: string): void {
  const article = document.getElementById(elementId(key));
  article?.focus({ preventScroll: true });
  article?.scrollIntoView({ block: 'nearest' });
}

/** The same for an event that the next rendering brings. */
export function focusEventSoon(key: string): void {
  requestAnimationFrame(() => requestAnimationFrame(() => focusEvent(key)));
}

export function EventList({ events, now, selected, opened, onSelect, onOpen, onDelete }: EventListProps) {
  const days = byDay(events);
  const order = days.flatMap((day) => day.events.map(keyText));
  const current = selected !== null && order.includes(selected) ? selected : (order[0] ?? null);
  const go = (index: number) => {
    const key = order[Math.min(Math.max(index, 0), order.length - 1)];
    if (key !== undefined) focusEvent(key);
  };
  const onKey = (press: KeyboardEvent, event: TimelineEvent) => {
    const key = keyText(event);
    const index = order.indexOf(key);
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(index + 1),
      ArrowRight: () => go(index + 1),
      ArrowUp: () => go(index - 1),
      ArrowLeft: () => go(index - 1),
      Home: () => go(0),
      End: () => go(order.length - 1),
      Enter: () => onOpen(key === opened ? null : key),
      Escape: () => onOpen(null),
      Delete: () => onDelete(event),
    };
    const action = press.altKey || press.ctrlKey || press.metaKey || press.shiftKey ? undefined : actions[press.key];
    if (!action) return;
    press.preventDefault();
    action();
  };
  return (
    <>
      {days.map((day) => {
        const [first] = day.events;
        return (
          <section key={day.key} class="stack" aria-labelledby={`day-${day.key}`}>
            <h2 id={`day-${day.key}`} class="event-day">
              {first && dayName(first.startedAt, now, knownZone(first.timeZone))}
            </h2>
            <ol class="event-list">
              {day.events.map((event) => {
                const key = keyText(event);
                return (
                  <li key={key} class={key === opened ? 'event-item-open' : ''}>
                    <EventCard
                      event={event}
                      now={now}
                      selected={key === current}
                      opened={key === opened}
                      onSelect={() => onSelect(key)}
                      onToggle={() => onOpen(key === opened ? null : key)}
                      onDelete={() => onDelete(event)}
                      onKey={(press) => onKey(press, event)}
                    />
                  </li>
                );
              })}
            </ol>
          </section>
        );
      })}
    </>
  );
}
