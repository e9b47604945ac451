/** A condition on signals and a patience enter; a promise leaves that is kept when it holds, or the patience is over. */
import { effect } from '@preact/signals';

/** @param holds is asked again whenever a signal that it reads has changed. Never rejects. */
export function until(holds: () => boolean, patienceMillis: number): Promise<void> {
  if (holds()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (holds()) queueMicrotask(done);
    });
    const timer = setTimeout(done, patienceMillis);
    function done(): void {
      stop();
      clearTimeout(timer);
      resolve();
    }
  });
}
