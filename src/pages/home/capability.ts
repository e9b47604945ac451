/** What a browser offers enters; whether it can be a camera leaves. */

/** `full`; `less`: without WebCodecs; `insecure`: not by this address; `none`: not at all. */
export type Capability = 'full' | 'less' | 'insecure' | 'none';

export interface Offers {
  readonly isSecureContext: boolean;
  readonly mediaDevices: boolean;
  readonly videoEncoder: boolean;
  readonly indexedDB: boolean;
  readonly worker: boolean;
}

/** What this window offers. */
export function offersOf(scope: Window & typeof globalThis): Offers {
  return {
    isSecureContext: scope.isSecureContext,
    mediaDevices: typeof scope.navigator.mediaDevices?.getUserMedia === 'function',
    videoEncoder: 'VideoEncoder' in scope,
    indexedDB: 'indexedDB' in scope,
    worker: 'Worker' in scope,
  };
}

/** Said before somebody makes an account. Browsers hide the camera, and WebCodecs, from pages that are not secure. */
export function capabilityOf(offers: Offers): Capability {
  if (!offers.worker || !offers.indexedDB) return 'none';
  if (!offers.isSecureContext) return 'insecure';
  if (!offers.mediaDevices) return 'none';
  return offers.videoEncoder ? 'full' : 'less';
}
