/** A sentence enters; a screen reader says it: politely in its turn, or at once. */
import { signal } from '@preact/signals';

const polite = signal('');
const assertive = signal('');

/** Says a sentence to whoever cannot see it change. Alarms are `assertive`, all else `polite`. */
export function announce(text: string, how: 'polite' | 'assertive' = 'polite'): void {
  const region = how === 'polite' ? polite : assertive;
  // The same sentence twice is news twice: a trailing space that alternates makes it a change.
  region.value = region.value === text ? `${text} ` : text;
}

/** The two regions; the Shell holds them, once a page. They are no `status`: that role belongs to what is in sight. */
export function LiveRegions() {
  return (
    <>
      <div class="visually-hidden" aria-live="polite" aria-atomic="true">
        {polite}
      </div>
      <div class="visually-hidden" aria-live="assertive" aria-atomic="true">
        {assertive}
      </div>
    </>
  );
}
