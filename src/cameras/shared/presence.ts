/** What cameras say of themselves enters; who is online, and since when not, leaves. */
import type { CameraState } from './schema.ts';

/** What a camera said in its last beat. */
export interface Beat {
  readonly state: CameraState;
  /** Whether a movement is going on. */
  readonly motion: boolean;
  /** Whether the camera's page lets viewers watch. */
  readonly streaming: boolean;
  /** Events and parts that wait on the camera's disk. */
  readonly queued: number;
}

/** What is known of a camera now. */
export interface CameraPresence extends Beat {
  readonly cameraId: string;
  readonly accountId: string;
  /** Last beat or signed request, ms since 1970 by the server's clock; null: not since this server started. */
  readonly lastSeenAt: number | null;
}

/** Who is online. In memory: after a restart cameras say hello again within seconds. */
export interface Presence {
  /** A camera's beat. */
  beat(cameraId: string, accountId: string, beat: Beat): void;
  /** A signed request of a camera: it lives, but says nothing of its state. */
  seen(cameraId: string, accountId: string): void;
  /** The camera was revoked or deleted: nothing is known of it any more. */
  forget(cameraId: string): void;
  /** `offline` where the last beat is older than {@link SILENCE_MILLIS}. */
  cameraState(cameraId: string): CameraState;
  /** Every camera seen since the server started. */
  all(): readonly CameraPresence[];
  /** Null where this camera has not been seen since the server started. */
  of(cameraId: string): CameraPresence | null;
  /** Ms since 1970; null: not since this server started. */
  lastSeenAt(cameraId: string): number | null;
  /** Called when state, motion or streaming of a camera changes, going offline included. Returns what ends it. */
  onChange(listener: (presence: CameraPresence) => void): () => void;
  /** Ends it; what it knows of when cameras were last seen is kept. */
  close(): void;
}

/** Cameras beat this often, ms. */
export const BEAT_MILLIS = 5000;
/** A camera silent for longer than this is offline, ms: two beats missed. */
export const SILENCE_MILLIS = 11_000;
