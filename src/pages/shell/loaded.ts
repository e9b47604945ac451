/** A question to the server enters; its answer leaves as a signal with the states that a page has to design. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown };

export interface Loading<T> {
  readonly now: Signal<Loaded<T>>;
  /** Asks again; what is shown stays until the new answer is here. */
  readonly reload: () => Promise<void>;
}

/** Asks once when the component appears. */
export function useLoaded<T>(ask: () => Promise<T>): Loading<T> {
  const now = useSignal<Loaded<T>>({ state: 'loading' });
  const reload = async () => {
    try {
      now.value = { state: 'ready', value: await ask() };
    } catch (error) {
      now.value = { state: 'failed', error };
    }
  };
  useEffect(() => void reload(), []);
  return { now, reload };
}
