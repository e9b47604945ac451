/** What was just done enters; a line at the bottom leaves for some seconds, with Undo where it can be undone. */
import { signal } from '@preact/signals';
import { m } from '../../messages/generated/messages.js';
import { announce } from './announce.tsx';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly undo: (() => void) | undefined;
}

const toasts = signal<readonly Toast[]>([]);
const SHOWN_MILLIS = 8000;
let last = 0;

/**
 * Shows that something was done. Stays 8 s; while the pointer or the focus is on it, longer.
 * @param undo takes it back; the button "Undo" shows only with it.
 * @returns what takes the line away before its time.
 */
export function showToast(text: string, undo?: () => void): () => void {
  const id = ++last;
  toasts.value = [...toasts.value.slice(-2), { id, text, undo }];
  announce(text);
  leaveSoon(id);
  return () => close(id);
}

const timers = new Map<number, number>();

function leaveSoon(id: number): void {
  stay(id);
  timers.set(
    id,
    window.setTimeout(() => close(id), SHOWN_MILLIS),
  );
}

function stay(id: number): void {
  window.clearTimeout(timers.get(id));
  timers.delete(id);
}

function close(id: number): void {
  stay(id);
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Where toasts appear; the Shell holds it. */
export function Toasts() {
  return (
    <div class="shell-toasts">
      {toasts.value.map(({ id, text, undo }) => (
        <div
          class="shell-toast"
          key={id}
          onPointerEnter={() => stay(id)}
          onPointerLeave={() => leaveSoon(id)}
          onFocusIn={() => stay(id)}
          onFocusOut={() => leaveSoon(id)}
        >
          <span>{text}</span>
          {undo && (
            <button
              type="button"
              class="button button-quiet"
              onClick={() => {
                close(id);
                undo();
              }}
            >
              {m.shell_undo()}
            </button>
          )}
          <button type="button" class="button button-quiet" aria-label={m.shell_dismiss()} onClick={() => close(id)}>
            <span aria-hidden="true">✕</span>
          </button>
        </div>
      ))}
    </div>
  );
}
