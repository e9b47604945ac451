/** An event enters; its article leaves: when, which camera, how long, why, photo, clip, who was told, and what can be done. */
import { keyText } from '../../events/browser/timeline-store.ts';
import type { TimelineEvent } from '../../events/shared/schema.ts';
import { m } from '../../messages/generated/messages.js';
import { clipAddress, downloadAddress, photoAddress } from '../../recordings/browser/addresses.ts';
import { Clip } from '../../recordings/browser/Clip.tsx';
import { Photo } from '../../recordings/browser/Photo.tsx';
import { durationOf, exactTimeOf, isGoingOn, timeOf, toldText, whyOf, zoneOf } from './words.ts';

export interface EventCardProps {
  readonly event: TimelineEvent;
  /** Milliseconds since 1970: decides whether it goes on. */
  readonly now: number;
  /** Whether Tab reaches this one of the list. */
  readonly selected: boolean;
  /** Whether it is shown large. */
  readonly opened: boolean;
  onSelect(): void;
  onToggle(): void;
  onDelete(): void;
  onKey(event: KeyboardEvent): void;
}

/** After the end of the movement a camera still records and sends for a while, ms. */
const LATE_MILLIS = 60_000;

/** Id of the article of an event: letters, digits, - and _ only. */
export function elementId(key: string): string {
  return `event-${key.replace('.', '_')}`;
}

export function EventCard({ event, now, selected, opened, onSelect, onToggle, onDelete, onKey }: EventCardProps) {
  const name = elementId(keyText(event));
  const time = timeOf(event);
  const words = { camera: event.cameraName, time };
  const goingOn = isGoingOn(event, now);
  const expected = goingOn || now - Math.max(event.receivedAt, event.endedAt ?? 0) < LATE_MILLIS;
  const zone = zoneOf(event);
  const photo = <Photo event={event} alt={m.events_photo_alt(words)} expected={expected} />;
  return (
    <article
      id={name}
      class={`card event${opened ? ' event-open' : ''}${goingOn ? ' event-now' : ''}`}
      aria-labelledby={`${name}-name`}
      aria-describedby={`${name}-exact ${name}-why`}
      tabIndex={selected ? 0 : -1}
      onFocusIn={onSelect}
      onKeyDown={(press) => {
        if (press.target === press.currentTarget) onKey(press);
      }}
    >
      <div class="event-head">
        <h3 id={`${name}-name`}>
          <time class="event-time" dateTime={new Date(event.startedAt).toISOString()} title={exactTimeOf(event)}>
            {time}
          </time>{' '}
          <span class="event-camera">{event.cameraName}</span>
        </h3>
        <p id={`${name}-exact`} class="visually-hidden">
          {exactTimeOf(event)}
        </p>
        <p id={`${name}-why`} class="event-why">
          {[whyOf(event), durationOf(event, now), event.continues && m.events_continues(), zone]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {event.kind === 'intrusion' && (
        <div class="event-film">
          {event.hasPhoto ? (
            <button
              type="button"
              class="event-frame event-photo"
              aria-expanded={opened}
              aria-label={opened ? m.events_photo_close({ time }) : m.events_photo_open({ time })}
              onClick={onToggle}
            >
              {photo}
            </button>
          ) : (
            <div class="event-frame">{photo}</div>
          )}
          <div class="event-frame">
            <Clip event={event} label={m.events_clip_label(words)} expected={expected} />
          </div>
        </div>
      )}
      {event.deliveries.length > 0 && (
        <ul class="event-told" aria-label={m.events_told()}>
          {event.deliveries.map((delivery) => (
            <li key={delivery.channel + delivery.recipient} class={delivery.state === 'refused' ? 'event-refused' : ''}>
              {toldText(delivery, event)}
            </li>
          ))}
        </ul>
      )}
      <div class="actions event-actions">
        {event.hasPhoto && (
          <a class="button button-quiet" href={downloadAddress(photoAddress(event))} download>
            {m.events_download_photo()}
          </a>
        )}
        {event.clipParts > 0 && (
          <a class="button button-quiet" href={downloadAddress(clipAddress(event))} download>
            {m.events_download_clip()}
          </a>
        )}
        <button
          type="button"
          class="button button-quiet"
          aria-label={m.events_delete_named({ time })}
          onClick={onDelete}
        >
          {m.events_delete()}
        </button>
      </div>
    </article>
  );
}
