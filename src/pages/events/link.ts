/** The address enters; which event is open leaves: the one that it names behind `#`. */
import { useEffect, useState } from 'preact/hooks';
import { keyOfHash, keyText } from '../../events/browser/timeline-store.ts';
import { focusEvent } from './EventList.tsx';
import type { Feed } from './feed.ts';

/** Which event is open: the one that the address names behind `#`. */
export function useLink({ store }: Feed) {
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
