/** What a form does enters; it is done once at a time, and its failure kept for the form to show. */
import { type Signal, useSignal } from '@preact/signals';

export interface Submission {
  readonly busy: Signal<boolean>;
  /** What was caught; null: nothing. */
  readonly error: Signal<unknown>;
  /** Does the work unless it is being done already. */
  run(work: () => Promise<void>): Promise<void>;
}

export function useSubmission(): Submission {
  const busy = useSignal(false);
  const error = useSignal<unknown>(null);
  return {
    busy,
    error,
    async run(work) {
      if (busy.value) return;
      busy.value = true;
      error.value = null;
      try {
        await work();
      } catch (caught) {
        error.value = caught;
      } finally {
        busy.value = false;
      }
    },
  };
}
