/** The account's timeline enters; the page that shows it by day leaves, as news comes. */
import { useEffect, useState } from 'preact/hooks';
import type { TimelineEvent } from '../events/shared/schema.ts';
import { m } from '../messages/generated/messages.js';
import { type Feed, openFeed } from './events/feed.ts';
import { Timeline } from './events/Timeline.tsx';
import { timeOf } from './events/words.ts';
import { announce } from './shell/announce.tsx';
import { mount } from './shell/mount.tsx';
import { Shell } from './shell/Shell.tsx';
import { addSentences } from './shell/sentences.ts';
import './events/events.css';

addSentences({
  'event-unknown': () => m.events_error_unknown_event(),
  'restore-too-late': () => m.events_error_too_late(),
});

/** How old what is said of the present may get, ms. */
const TICK_MILLIS = 5000;
/** An event that comes later than this after its time is history, ms. */
const NEWS_MILLIS = 120_000;

function Page() {
  const [feed, setFeed] = useState<Feed | null>(null);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const opened = openFeed(tell);
    setFeed(opened);
    void opened.store.load(null);
    const ticking = setInterval(() => setNow(Date.now()), TICK_MILLIS);
    return () => {
      clearInterval(ticking);
      opened.close();
    };
  }, []);
  return (
    <Shell title={() => m.events_title()} current="events">
      <div class="event-title">
        <h1>{m.events_title()}</h1>
        <p class="muted small event-keys">{m.events_keys()}</p>
      </div>
      {feed && <Timeline feed={feed} now={now} />}
    </Shell>
  );
}

function tell(event: TimelineEvent): void {
  if (event.kind !== 'intrusion' || Date.now() - event.startedAt > NEWS_MILLIS) return;
  announce(m.events_new({ camera: event.cameraName, time: timeOf(event) }), 'assertive');
}

mount(<Page />);
