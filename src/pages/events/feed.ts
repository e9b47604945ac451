/** The watch socket's word of events enters; the timeline stays as the server has it, by asking again where the socket is silent. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Camera } from '../../cameras/shared/schema.ts';
import {
  createTimelineStore,
  type EventKey,
  keyText,
  type TimelineStore,
} from '../../events/browser/timeline-store.ts';
import type { Timeline, TimelineEvent } from '../../events/shared/schema.ts';
import { type ConnectionState, connectViewer } from '../../live/browser/connection.ts';
import { ApiFailure, api } from '../shell/api.ts';
import { refreshSession, session } from '../shell/session.ts';

export interface Feed {
  readonly store: TimelineStore;
  /** Null before the first list. */
  readonly cameras: ReadonlySignal<readonly Camera[] | null>;
  readonly connection: ReadonlySignal<ConnectionState>;
  close(): void;
}

const POLL_MILLIS = 5000;

/** @param onNew an event came that was not in the list. */
export function openFeed(onNew: (event: TimelineEvent) => void): Feed {
  const store = createTimelineStore({
    page: ({ camera, before }) =>
      api<Timeline>(
        'GET',
        `/api/events?${new URLSearchParams({ ...(camera && { camera }), ...(before && { before }) })}`,
      ),
    one: (key) => api<TimelineEvent>('GET', addressOf(key)).catch(goneAsUndefined),
    remove: (key) => api('DELETE', addressOf(key)),
    restore: (key) => api('POST', `${addressOf(key)}/restore`),
  });
  const cameras = signal<readonly Camera[] | null>(null);
  const connection = signal<ConnectionState>('connecting');

  const look = async (key: EventKey) => {
    const known = store.events.value.some((event) => keyText(event) === keyText(key));
    const event = await store.changed(key);
    if (event && !known) onNew(event);
  };
  const lookInTurn = inTurn(look);
  const socket = connectViewer({
    url: `${location.origin.replace(/^http/, 'ws')}/api/live/watch`,
    onCameras: (list) => {
      cameras.value = list;
    },
    onConfig: () => undefined,
    onChunk: () => undefined,
    onEvent: (cameraId, id) => lookInTurn({ cameraId, id }),
    onState: (state) => {
      // An event between the first page's answer and the greeting comes by neither; what ended the session is in the answer.
      const missed = (state === 'open' && connection.value !== 'open') || state === 'ended';
      connection.value = state;
      if (missed) void store.refresh();
    },
    signedIn,
  });
  const polling = setInterval(() => {
    if (connection.value !== 'open' && connection.value !== 'ended' && document.visibilityState === 'visible')
      void store.refresh();
  }, POLL_MILLIS);
  const check = () => {
    if (document.visibilityState !== 'visible') return;
    socket.check();
    if (connection.value !== 'open') void store.refresh();
  };
  window.addEventListener('online', check);
  document.addEventListener('visibilitychange', check);

  return {
    store,
    cameras,
    connection,
    close() {
      clearInterval(polling);
      window.removeEventListener('online', check);
      document.removeEventListener('visibilitychange', check);
      socket.close();
    },
  };
}

/** Of a burst of news about one event, only the last is asked for, after the one that is under way. */
function inTurn(look: (key: EventKey) => Promise<void>): (key: EventKey) => void {
  const running = new Map<string, { again: boolean }>();
  const run = async (key: EventKey) => {
    const name = keyText(key);
    const turn = running.get(name);
    if (turn) {
      turn.again = true;
      return;
    }
    const mine = { again: true };
    running.set(name, mine);
    while (mine.again) {
      mine.again = false;
      await look(key).catch(() => undefined);
    }
    running.delete(name);
  };
  return (key) => void run(key);
}

function addressOf({ cameraId, id }: EventKey): string {
  return `/api/cameras/${cameraId}/events/${id}`;
}

function goneAsUndefined(error: unknown): undefined {
  if (error instanceof ApiFailure && error.status === 404) return undefined;
  throw error;
}

async function signedIn(): Promise<boolean> {
  await refreshSession();
  if (session.value.state !== 'known') throw new Error('the session is not known');
  return session.value.session.account !== null;
}
