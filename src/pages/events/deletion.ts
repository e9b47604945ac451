/** An event to delete enters; it goes at once and can be brought back, by the button "Undo" or by Ctrl+Z (⌘Z). */
import { useEffect, useRef } from 'preact/hooks';
import { keyText } from '../../events/browser/timeline-store.ts';
import type { TimelineEvent } from '../../events/shared/schema.ts';
import { m } from '../../messages/generated/messages.js';
import { announce } from '../shell/announce.tsx';
import { sentenceOf } from '../shell/sentences.ts';
import { showToast } from '../shell/toast.tsx';
import { focusEventSoon } from './EventList.tsx';
import type { Feed } from './feed.ts';
import { timeOf } from './words.ts';

export interface Deletion {
  remove(event: TimelineEvent): void;
}

interface Deleted {
  readonly event: TimelineEvent;
  closeToast(): void;
}

export function useDeletion({ store }: Feed): Deletion {
  /** What can be brought back, the last one last. */
  const deleted = useRef<Deleted[]>([]);

  const forget = (event: TimelineEvent) => {
    deleted.current = deleted.current.filter((one) => one.event !== event);
  };
  const restore = async (event: TimelineEvent) => {
    forget(event);
    try {
      await store.restore(event);
      announce(m.events_restored({ time: timeOf(event) }));
      focusEventSoon(keyText(event));
    } catch (error) {
      showToast(sentenceOf(error));
    }
  };
  const remove = async (event: TimelineEvent) => {
    try {
      await store.remove(event);
      const closeToast = showToast(m.events_deleted({ time: timeOf(event) }), () => void restore(event));
      deleted.current.push({ event, closeToast });
    } catch (error) {
      showToast(sentenceOf(error));
    }
  };
  useEffect(() => {
    const undo = (press: KeyboardEvent) => {
      if (press.key.toLowerCase() !== 'z' || !(press.ctrlKey || press.metaKey) || press.shiftKey || press.altKey)
        return;
      const last = deleted.current.at(-1);
      if (!last) return;
      press.preventDefault();
      last.closeToast();
      void restore(last.event);
    };
    window.addEventListener('keydown', undo);
    return () => window.removeEventListener('keydown', undo);
  }, []);
  return { remove: (event) => void remove(event) };
}
