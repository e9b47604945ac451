/** What is known of a camera and its last picture enters; the truth to say about its age leaves. */
import type { CameraState } from '../../cameras/shared/schema.ts';

/** Younger than this is Live, ms. */
export const LIVE_MILLIS = 1000;
/** From this age on the picture is history: Offline, ms. */
export const OFFLINE_MILLIS = 10_000;

/** All times in ms since 1970 by the server's clock. */
export interface LiveFacts {
  readonly state: CameraState;
  /** Whether the camera lets viewers watch. */
  readonly streaming: boolean;
  /** Capture time of the last picture that was drawn; null: none yet. */
  readonly lastFrameAt: number | null;
  /** Last sign of life of the camera; null: never. */
  readonly lastSeenAt: number | null;
  readonly now: number;
}

export type LiveStatus =
  | { readonly kind: 'live' }
  /** Whole seconds, 1..9. */
  | { readonly kind: 'late'; readonly seconds: number }
  /** Null: it was never there. */
  | { readonly kind: 'offline'; readonly since: number | null }
  | { readonly kind: 'off' }
  /** It is there and no picture has come yet. */
  | { readonly kind: 'waiting' };

/** Decides what a viewer is told. A picture is never called live on somebody's word, only by its age. */
export function liveStatus({ state, streaming, lastFrameAt, lastSeenAt, now }: LiveFacts): LiveStatus {
  const gone = state === 'offline' && (lastSeenAt === null || now - lastSeenAt >= OFFLINE_MILLIS);
  if (!streaming && !gone) return { kind: 'off' };
  if (lastFrameAt === null) return gone ? { kind: 'offline', since: lastSeenAt } : { kind: 'waiting' };
  const age = now - lastFrameAt;
  if (age < LIVE_MILLIS) return { kind: 'live' };
  if (age < OFFLINE_MILLIS) return { kind: 'late', seconds: Math.floor(age / 1000) };
  return { kind: 'offline', since: gone && lastSeenAt !== null ? Math.max(lastSeenAt, lastFrameAt) : lastFrameAt };
}
