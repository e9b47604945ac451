/** What a browser offers enters; whether it can be a camera leaves: by the check of the camera's own page. */
import { type CameraOffers, offersOf as cameraOffersOf, lackOf } from '../../capture/browser/problem.ts';

/** `full`; `less`: without WebCodecs; `insecure`: not by this address; `none`: not at all. */
export type Capability = 'full' | 'less' | 'insecure' | 'none';

export interface Offers extends CameraOffers {
  readonly videoEncoder: boolean;
}

/** What this window offers. */
export function offersOf(scope: Window & typeof globalThis): Offers {
  return { ...cameraOffersOf(scope), videoEncoder: 'VideoEncoder' in scope };
}

/** Said before somebody makes an account. */
export function capabilityOf(offers: Offers): Capability {
  const lack = lackOf(offers);
  if (lack !== null) return lack === 'insecure' ? 'insecure' : 'none';
  return offers.videoEncoder ? 'full' : 'less';
}
