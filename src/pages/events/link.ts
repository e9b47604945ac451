/** The address enters; which event is open leaves: the one that it names behind `#`. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { keyOfHash, keyText } from '../../events/browser/timeline-store.ts';
import { focusEventSoon } from './EventList.tsx';
import type { Feed } from './feed.ts';

export interface Link {
  /** Key of the event that is open; null: none. */
  readonly opened: string | null;
  /** Whether the address names an event that is no longer there. */
  readonly missing: boolean;
  /** Why the event that the address names could not be asked for; null: it could. */
  readonly failure: unknown;
  open(key: string | null): void;
  /** Looks for the event of the address again. */
  follow(): void;
}

/** The address is followed once the list is there, and whenever it changes; not with every new choice of a filter. */
export function useLink({ store }: Feed): Link {
  const [opened, setOpened] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const followed = useRef(false);
  const ready = store.state.value === 'ready';
  const follow = async () => {
    const key = keyOfHash(location.hash);
    setMissing(false);
    setFailure(null);
    if (key === null) return setOpened(null);
    const here = store.events.value.some((event) => keyText(event) === keyText(key));
    try {
      if (!here && !(await store.changed(key))) return setMissing(true);
    } catch (error) {
      return setFailure(error);
    }
    setOpened(keyText(key));
    focusEventSoon(keyText(key));
  };
  useEffect(() => {
    if (!ready || followed.current) return;
    followed.current = true;
    void follow();
  }, [ready]);
  useEffect(() => {
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  const open = (key: string | null) => {
    history.replaceState(null, '', key === null ? location.pathname + location.search : `#${key}`);
    setMissing(false);
    setFailure(null);
    setOpened(key);
  };
  return { opened, missing, failure, open, follow: () => void follow() };
}
