/** What a form does enters; it is done once at a time, and its failure kept for the form to show. */
import { type ReadonlySignal, signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { PATIENCE_MILLIS } from './states.tsx';

export interface Submission {
  readonly busy: ReadonlySignal<boolean>;
  /** Whether it takes so long that the form has to say that something is being done. */
  readonly slow: ReadonlySignal<boolean>;
  /** What was caught; null: nothing. */
  readonly error: ReadonlySignal<unknown>;
  /** Does the work unless it is being done already. */
  run(work: () => Promise<void>): Promise<void>;
}

export function createSubmission(): Submission {
  const busy = signal(false);
  const slow = signal(false);
  const error = signal<unknown>(null);
  return {
    busy,
    slow,
    error,
    async run(work) {
      if (busy.value) return;
      busy.value = true;
      error.value = null;
      const patience = setTimeout(() => {
        slow.value = true;
      }, PATIENCE_MILLIS);
      try {
        await work();
      } catch (caught) {
        error.value = caught;
      } finally {
        clearTimeout(patience);
        slow.value = false;
        busy.value = false;
      }
    },
  };
}

export function useSubmission(): Submission {
  return useState(createSubmission)[0];
}
