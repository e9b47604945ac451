/** The browser's word on its network enters; whether there is one leaves as a signal. */
import { signal } from '@preact/signals';

/** False while the browser says that it has no network. */
export const online = signal(navigator.onLine);

window.addEventListener('online', () => {
  online.value = true;
});
window.addEventListener('offline', () => {
  online.value = false;
});
