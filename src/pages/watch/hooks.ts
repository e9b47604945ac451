/** A tile's state enters; the screen it fills, and what a screen reader hears of it, leave. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveStatus } from '../../live/shared/status.ts';
import { m } from '../../messages/generated/messages.js';
import { announce } from '../shell/announce.tsx';
import { type Alarm, createAlarmMemory } from './alarm.ts';
import { statusWords } from './words.ts';

/** While opened, the element has the whole screen where the browser gives it; Escape, in either case, closes. */
export function useFullScreen(
  element: { readonly current: HTMLElement | null },
  opened: boolean,
  onClose: () => void,
): void {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const shown = element.current;
    if (!opened || !shown) return;
    const bar = document.querySelector('.shell-bar');
    bar?.toggleAttribute('inert', true);
    const page = document.documentElement;
    page.requestFullscreen?.().catch(() => undefined);
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close.current();
    };
    const onChange = () => {
      if (document.fullscreenElement === null) close.current();
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('fullscreenchange', onChange);
    return () => {
      bar?.toggleAttribute('inert', false);
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('fullscreenchange', onChange);
      if (document.fullscreenElement === page) document.exitFullscreen().catch(() => undefined);
      shown.querySelector<HTMLElement>('.tile-open')?.focus();
    };
  }, [element, opened]);
}

/** Says that a camera went, came or was turned off; not every second by how much it is late. */
export function useSpoken(name: string, status: LiveStatus, now: number): void {
  const said = useRef<LiveStatus['kind'] | null>(null);
  const { kind } = status;
  useEffect(() => {
    if (kind === 'late' || kind === 'waiting') return;
    if (said.current !== null && said.current !== kind)
      announce(m.watch_news({ name, status: statusWords(status, now) }));
    said.current = kind;
  }, [kind]);
}

/** Says at once that something moves or that the camera cannot see. */
export function useAlarmSpoken(name: string, alarm: Alarm | null | undefined): void {
  const [memory] = useState(createAlarmMemory);
  useEffect(() => {
    if (memory.isNews(alarm)) announce(m.watch_news({ name, status: ALARM_WORDS[alarm]() }), 'assertive');
  }, [alarm]);
}

const ALARM_WORDS: Readonly<Record<Alarm, () => string>> = {
  movement: () => m.watch_movement(),
  blind: () => m.watch_state_blind(),
};
