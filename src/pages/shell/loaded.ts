/** A question to the server enters; its answer leaves as a signal with the states that a page has to design. */
import { type ReadonlySignal, signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown };

export interface Loading<T> {
  readonly now: ReadonlySignal<Loaded<T>>;
  /** Why what is shown could not be asked for again, and may be old; null: it could. */
  readonly stale: ReadonlySignal<unknown>;
  /** Asks again; what is shown stays until the new answer is here, and where there is none. */
  readonly reload: () => Promise<void>;
}

export function createLoading<T>(ask: () => Promise<T>): Loading<T> {
  const now = signal<Loaded<T>>({ state: 'loading' });
  const stale = signal<unknown>(null);
  let asked = 0;
  let answered = 0;
  return {
    now,
    stale,
    async reload() {
      const mine = ++asked;
      const answer = await ask().then(
        (value): Loaded<T> => ({ state: 'ready', value }),
        (error: unknown): Loaded<T> => ({ state: 'failed', error }),
      );
      // An answer that a later one has overtaken is old.
      if (mine < answered) return;
      answered = mine;
      stale.value = answer.state === 'failed' && now.value.state === 'ready' ? answer.error : null;
      if (stale.value === null) now.value = answer;
    },
  };
}

/** Does it every few milliseconds, one at a time, while the page is in sight, and at once when it comes into sight. @returns what ends it */
export function whileVisible(work: () => Promise<void>, everyMillis: number): () => void {
  let busy = false;
  const run = async () => {
    if (busy || document.visibilityState !== 'visible') return;
    busy = true;
    await work().finally(() => {
      busy = false;
    });
  };
  const timer = setInterval(run, everyMillis);
  document.addEventListener('visibilitychange', run);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', run);
  };
}

/** Asks when the component appears, then again and again. @param everyMillis left out: once */
export function useLoaded<T>(ask: () => Promise<T>, everyMillis?: number): Loading<T> {
  const [loading] = useState(() => createLoading(ask));
  useEffect(() => {
    void loading.reload();
    return everyMillis === undefined ? undefined : whileVisible(loading.reload, everyMillis);
  }, []);
  return loading;
}
