/** The feed of events enters; strip, filters and list leave, or in words why there is nothing to show. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { byDay, isWhole } from '../../events/browser/days.ts';
import { keyText, type TimelineStore } from '../../events/browser/timeline-store.ts';
import type { TimelineEvent } from '../../events/shared/schema.ts';
import { m } from '../../messages/generated/messages.js';
import { Failed, Loading, Stale } from '../shell/states.tsx';
import { DayBar } from './DayBar.tsx';
import { useDeletion } from './deletion.ts';
import { elementId } from './EventCard.tsx';
import { EventList, focusEvent, focusEventSoon } from './EventList.tsx';
import { Filters, type KindFilter } from './Filters.tsx';
import type { Feed } from './feed.ts';
import { useLink } from './link.ts';
import { Nothing } from './Nothing.tsx';

export interface TimelineProps {
  readonly feed: Feed;
  /** Milliseconds since 1970, every few seconds. */
  readonly now: number;
}

export function Timeline({ feed, now }: TimelineProps) {
  const { store } = feed;
  const [camera, setCamera] = useState<string | null>(null);
  const [kind, setKind] = useState<KindFilter>('all');
  const [selected, setSelected] = useState<string | null>(null);
  const [narrowed, setNarrowed] = useState(false);
  const link = useLink(feed);
  const names = useCameraNames(feed);
  const fits = (event: TimelineEvent) => kind === 'all' || event.kind === kind;
  const events = store.events.value.filter(fits);
  const days = byDay(events);
  const day = days.find((one) => one.events.some((event) => keyText(event) === selected)) ?? days[0];
  const filtered = camera !== null || kind !== 'all';
  const choose = (id: string | null) => {
    setNarrowed(true);
    setCamera(id);
    void store.load(id);
  };
  const earlier = store.hasEarlier.value;
  const whole = day === undefined || isWhole(day, store.completeSince.value);
  useMore(store, events.length === 0 ? '' : (day?.key ?? ''), events.length === 0 || !whole);

  const deletion = useDeletion(feed);
  const removeEvent = (event: TimelineEvent) => {
    const order = days.flatMap((one) => one.events.map(keyText));
    const index = order.indexOf(keyText(event));
    const next = order[index + 1] ?? order[index - 1];
    if (next !== undefined) focusEvent(next);
    else document.getElementById('main')?.focus();
    if (link.opened === keyText(event)) link.open(null);
    deletion.remove(event);
  };
  const showEarlier = async () => {
    const last = events.at(-1);
    await store.loadEarlier();
    if (store.hasEarlier.value || !last) return;
    // The button is gone: the focus goes on to what came last.
    const all = store.events.value.filter(fits);
    const came = all[all.findIndex((event) => keyText(event) === keyText(last)) + 1] ?? last;
    focusEventSoon(keyText(came));
  };
  const goToDay = async (by: 1 | -1) => {
    if (!day) return;
    let target = days[days.indexOf(day) + by];
    while (by === 1 && store.hasEarlier.value && (!target || !isWhole(day, store.completeSince.value))) {
      await store.loadEarlier();
      if (store.failure.value !== null) return;
      target = byDay(store.events.value.filter(fits)).find(({ key }) => key < day.key);
    }
    const first = target?.events[0];
    if (first) pick(first);
  };
  const pick = (event: TimelineEvent) => {
    setSelected(keyText(event));
    requestAnimationFrame(() =>
      document.getElementById(elementId(keyText(event)))?.scrollIntoView({ block: 'center' }),
    );
  };
  const dayIndex = day ? days.indexOf(day) : -1;

  const { value: state } = store.state;
  return (
    <>
      {link.missing && <p class="banner">{m.events_gone()}</p>}
      {link.failure !== null && <Failed error={link.failure} onRetry={link.follow} />}
      {state === 'ready' && <Stale error={store.failure.value} onRetry={() => void store.refresh()} />}
      {(store.events.value.length > 0 || filtered || narrowed) && (
        <div class="event-bar">
          <Filters cameras={names} camera={camera} kind={kind} onCamera={choose} onKind={setKind} />
          {day && (
            <DayBar
              day={day}
              now={now}
              selected={selected}
              isWhole={whole}
              isFirst={dayIndex >= days.length - 1 && !earlier}
              isLast={dayIndex <= 0}
              onStep={(by) => void goToDay(by)}
              onPick={pick}
            />
          )}
        </div>
      )}
      {state === 'loading' && <Loading text={m.events_loading()} />}
      {state === 'failed' && <Failed error={store.failure.value} onRetry={() => void store.load(camera)} />}
      {state === 'ready' && events.length === 0 && !earlier && (
        <Nothing
          filtered={filtered}
          hasCameras={feed.cameras.value === null || feed.cameras.value.length > 0}
          onShowAll={() => {
            setKind('all');
            choose(null);
            document.getElementById('filter-camera')?.focus();
          }}
        />
      )}
      {events.length > 0 && (
        <EventList
          events={events}
          now={now}
          selected={selected}
          opened={link.opened}
          onSelect={setSelected}
          onOpen={link.open}
          onDelete={removeEvent}
        />
      )}
      {earlier && (
        <button
          type="button"
          class="button event-earlier"
          aria-disabled={store.loadingEarlier.value}
          onClick={() => void showEarlier()}
        >
          {store.loadingEarlier.value ? m.events_earlier_loading() : m.events_earlier()}
        </button>
      )}
      {!earlier && events.length > 5 && !filtered && <p class="muted small">{m.events_first()}</p>}
    </>
  );
}

/** Pages that are asked for to complete a day's strip, at most. */
const PAGES_MAX = 5;

/**
 * Asks for earlier events without being told: while a filter hides all that is here (`place` is empty), until one fits;
 * while the day in sight is not whole, a few times. What failed waits for the person.
 */
function useMore(store: TimelineStore, place: string, wanted: boolean): void {
  const asked = useRef({ place, pages: 0 });
  const well = store.failure.value === null;
  const ready = store.state.value === 'ready';
  const earlier = store.hasEarlier.value;
  const loading = store.loadingEarlier.value;
  useEffect(() => {
    if (asked.current.place !== place) asked.current = { place, pages: 0 };
    if (!ready || !well || !wanted || !earlier || loading) return;
    if (place !== '' && asked.current.pages >= PAGES_MAX) return;
    asked.current.pages += 1;
    void store.loadEarlier();
  }, [place, wanted, ready, well, earlier, loading]);
}

/** Cameras of the account, and those that are gone but have had events here: a choice stays in the list of choices. */
function useCameraNames({ cameras, store }: Feed): ReadonlyMap<string, string> {
  const [names] = useState(() => new Map<string, string>());
  for (const { cameraId, cameraName } of store.events.value) names.set(cameraId, cameraName);
  for (const { id, name } of cameras.value ?? []) names.set(id, name);
  return names;
}
