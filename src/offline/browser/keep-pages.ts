/** A page that has been loaded enters; from then on the browser keeps the pages, for when the server is away. */

/** Where the build puts it; its folder is its scope. */
const SCRIPT = '/service-worker.js';

/**
 * Lets a service worker keep all pages (W3C Service Workers). It comes after what the person waits for, and
 * where it may not be (an address that is not secure, a certificate that was clicked away) all goes on without.
 */
export function keepPages(): void {
  if (!('serviceWorker' in navigator)) return;
  const register = () => {
    navigator.serviceWorker.register(SCRIPT, { updateViaCache: 'none' }).catch(() => undefined);
  };
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
