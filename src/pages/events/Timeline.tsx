/** The feed of events enters; strip, filters and list leave, or in words why there is nothing to show. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { byDay, knownZone } from '../../events/browser/days.ts';
import { keyOfHash, keyText } from '../../events/browser/timeline-store.ts';
import type { TimelineEvent } from '../../events/shared/schema.ts';
import { m } from '../../messages/generated/messages.js';
import { announce } from '../shell/announce.tsx';
import { ApiFailure } from '../shell/api.ts';
import { Icon } from '../shell/icons.tsx';
import { sentenceOf } from '../shell/sentences.ts';
import { signInPath } from '../shell/session.ts';
import { Empty, ErrorBanner, Loading } from '../shell/states.tsx';
import { dayName } from '../shell/time.ts';
import { showToast } from '../shell/toast.tsx';
import { DayStrip } from './DayStrip.tsx';
import { elementId } from './EventCard.tsx';
import { EventList, focusEvent } from './EventList.tsx';
import { Filters, type KindFilter } from './Filters.tsx';
import type { Feed } from './feed.ts';
import { timeOf } from './words.ts';

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
  const { opened, open, missing } = useLink(feed);
  const events = store.events.value.filter((event) => kind === 'all' || event.kind === kind);
  const days = useMemo(() => byDay(events), [events]);
  const day = days.find((one) => one.events.some((event) => keyText(event) === selected)) ?? days[0];
  const filtered = camera !== null || kind !== 'all';
  const choose = (id: string | null) => {
    setCamera(id);
    void store.load(id);
  };
  const earlier = store.hasEarlier.value;
  useEffect(() => {
    // A filter may hide all of a page: then the next one is asked for without being told.
    if (store.state.value === 'ready' && events.length === 0 && earlier) void store.loadEarlier();
  }, [events.length, earlier, store.loadingEarlier.value]);

  const removeEvent = (event: TimelineEvent) => {
    const order = days.flatMap((one) => one.events.map(keyText));
    const index = order.indexOf(keyText(event));
    const next = order[index + 1] ?? order[index - 1];
    if (next !== undefined) focusEvent(next);
    const time = timeOf(event);
    store.remove(event).then(
      () => showToast(m.events_deleted({ time }), () => void restore(feed, event)),
      (error: unknown) => fail(error),
    );
  };
  const goToDay = (by: number) => {
    const target = days[day ? days.indexOf(day) + by : 0]?.events[0];
    if (target) pick(target);
  };
  const pick = (event: TimelineEvent) => {
    setSelected(keyText(event));
    document.getElementById(elementId(keyText(event)))?.scrollIntoView({ block: 'center' });
  };
  const dayIndex = day ? days.indexOf(day) : -1;

  if (store.state.value === 'loading') return <Loading text={m.events_loading()} />;
  if (store.state.value === 'failed')
    return <Failed error={store.failure.value} onRetry={() => void store.load(camera)} />;
  return (
    <>
      {missing && <p class="banner">{m.events_gone()}</p>}
      {store.failure.value !== null && <Stale error={store.failure.value} />}
      {(store.events.value.length > 0 || filtered) && (
        <div class="event-bar">
          <Filters cameras={cameraNames(feed)} camera={camera} kind={kind} onCamera={choose} onKind={setKind} />
          {day?.events[0] && (
            <div class="stack event-day-bar">
              <div class="event-day-choice">
                <button
                  type="button"
                  class="button button-quiet"
                  aria-label={m.events_day_before()}
                  disabled={dayIndex >= days.length - 1}
                  onClick={() => goToDay(1)}
                >
                  <span aria-hidden="true">‹</span>
                </button>
                <p>
                  {dayName(day.events[0].startedAt, now, knownZone(day.events[0].timeZone))} ·{' '}
                  <span class="muted">{m.events_strip_text({ count: day.events.length })}</span>
                </p>
                <button
                  type="button"
                  class="button button-quiet"
                  aria-label={m.events_day_after()}
                  disabled={dayIndex <= 0}
                  onClick={() => goToDay(-1)}
                >
                  <span aria-hidden="true">›</span>
                </button>
              </div>
              <DayStrip events={day.events} selected={selected} onPick={pick} />
            </div>
          )}
        </div>
      )}
      {events.length === 0 ? (
        !earlier && (
          <Nothing
            filtered={filtered}
            hasCameras={feed.cameras.value === null || feed.cameras.value.length > 0}
            onShowAll={() => (setKind('all'), choose(null))}
          />
        )
      ) : (
        <EventList
          events={events}
          now={now}
          selected={selected}
          opened={opened}
          onSelect={setSelected}
          onOpen={open}
          onDelete={removeEvent}
        />
      )}
      {earlier && (
        <button
          type="button"
          class="button event-earlier"
          disabled={store.loadingEarlier.value}
          onClick={() => void store.loadEarlier()}
        >
          {store.loadingEarlier.value ? m.events_earlier_loading() : m.events_earlier()}
        </button>
      )}
      {!earlier && events.length > 5 && !filtered && <p class="muted small">{m.events_first()}</p>}
    </>
  );
}

/** Which event is open: the one that the address names behind `#`. */
function useLink({ store }: Feed) {
  const [opened, setOpened] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const ready = store.state.value === 'ready';
  useEffect(() => {
    const follow = async () => {
      const key = keyOfHash(location.hash);
      setMissing(false);
      if (key === null) return setOpened(null);
      const here = store.events.value.some((event) => keyText(event) === keyText(key));
      if (!here && !(await store.changed(key).catch(() => undefined))) return setMissing(true);
      setOpened(keyText(key));
      requestAnimationFrame(() => requestAnimationFrame(() => focusEvent(keyText(key))));
    };
    if (!ready) return;
    void follow();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [ready]);
  const open = (key: string | null) => {
    history.replaceState(null, '', key === null ? location.pathname + location.search : `#${key}`);
    setMissing(false);
    setOpened(key);
  };
  return { opened, open, missing };
}

async function restore({ store }: Feed, event: TimelineEvent): Promise<void> {
  try {
    await store.restore(event);
    announce(m.events_restored({ time: timeOf(event) }));
    focusEvent(keyText(event));
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  showToast(sentenceOf(error));
}

/** Cameras of the account, and those that are gone but have events here. */
function cameraNames({ cameras, store }: Feed): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { id, name } of cameras.value ?? []) names.set(id, name);
  for (const { cameraId, cameraName } of store.events.value) if (!names.has(cameraId)) names.set(cameraId, cameraName);
  return names;
}

function isSignedOut(error: unknown): boolean {
  return error instanceof ApiFailure && error.code === 'not-signed-in';
}

function Failed({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (!isSignedOut(error)) return <ErrorBanner error={error} onRetry={onRetry} />;
  return (
    <ErrorBanner error={error}>
      <a class="button button-primary" href={signInPath()}>
        {m.events_sign_in()}
      </a>
    </ErrorBanner>
  );
}

function Stale({ error }: { readonly error: unknown }) {
  if (isSignedOut(error)) return <Failed error={error} onRetry={() => undefined} />;
  return (
    <p class="banner banner-danger" role="alert">
      {m.events_stale()}
    </p>
  );
}

interface NothingProps {
  readonly filtered: boolean;
  readonly hasCameras: boolean;
  onShowAll(): void;
}

function Nothing({ filtered, hasCameras, onShowAll }: NothingProps) {
  if (filtered)
    return (
      <Empty title={m.events_none_fits()} icon={<Icon name="events" />}>
        <button type="button" class="button" onClick={onShowAll}>
          {m.events_show_all()}
        </button>
      </Empty>
    );
  return (
    <Empty
      title={hasCameras ? m.events_empty_title() : m.events_empty_no_camera()}
      icon={<Icon name={hasCameras ? 'events' : 'camera'} />}
    >
      <p class="muted">{hasCameras ? m.events_empty_text() : m.events_empty_no_camera_text()}</p>
      <a class="button button-primary" href="/camera">
        {m.events_empty_action()}
      </a>
    </Empty>
  );
}
