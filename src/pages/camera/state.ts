/** What happens to the camera enters; what its page shows leaves, as signals. */
import { signal } from '@preact/signals';
import type { CameraIdentity } from '../../cameras/browser/key.ts';
import { DEFAULT_SETTINGS } from '../../cameras/browser/key.ts';
import type { CameraSettings, CameraState } from '../../cameras/shared/schema.ts';
import type { CameraChoice } from '../../capture/browser/camera-track.ts';
import type { CameraProblem } from '../../capture/browser/problem.ts';
import type { BlindCause, DetectorPictures, LinkState, MotionReport } from '../../capture/shared/messages.ts';

/** `opening`: waits for camera and worker · `ready` · `starting`: a delay runs · `armed`. */
export type Phase = 'opening' | 'ready' | 'starting' | 'armed';

/** What became of the last photo. */
export interface LastPhoto {
  readonly eventId: string;
  readonly atMillis: number;
  /** Of the JPEG, a blob URL; null: not there yet. */
  readonly url: string | null;
  /** When the server had it, ms since 1970; null: not yet. */
  readonly sentAtMillis: number | null;
}

/** Something to say once, until the person puts it away. */
export type Notice =
  /** The page was gone, or no frames were looked at since the worker had died. */
  | {
      readonly kind: 'missed';
      readonly cause: 'page-gone' | 'no-frames';
      readonly fromMillis: number;
      /** Of the first picture since; null: there was none yet. */
      readonly untilMillis: number | null;
    }
  | { readonly kind: 'elsewhere' | 'save-failed' | 'folder-lost' | 'disk-full' }
  | { readonly kind: 'worker' | 'other-lens' | 'name-needed' | 'file-bad' | 'no-encoder' }
  | { readonly kind: 'dropped'; readonly code: string }
  | { readonly kind: 'failed'; readonly error: unknown };

/** All that the page shows; one for each page. */
export function createCameraState() {
  return {
    phase: signal<Phase>('opening'),
    /** What the worker says that it does. */
    doing: signal<CameraState>('idle'),
    /** While a delay runs, ms. */
    leftMillis: signal(0),
    identity: signal<CameraIdentity | null>(null),
    name: signal(''),
    settings: signal<CameraSettings>(DEFAULT_SETTINGS),
    stream: signal<MediaStream | null>(null),
    lenses: signal<readonly MediaDeviceInfo[]>([]),
    lens: signal<CameraChoice>({ deviceId: null, height: null }),
    worker: signal<'loading' | 'ready' | 'lost'>('loading'),
    problem: signal<CameraProblem | null>(null),
    blind: signal<readonly BlindCause[]>([]),
    report: signal<MotionReport | null>(null),
    pictures: signal<DetectorPictures | null>(null),
    /** An intrusion is going on. */
    intrusion: signal(false),
    /** Last movement, or arming, ms since 1970. */
    quietSinceMillis: signal(0),
    photo: signal<LastPhoto | null>(null),
    queue: signal<{ readonly events: number; readonly state: 'sending' | 'waiting' | 'revoked' }>({
      events: 0,
      state: 'sending',
    }),
    link: signal<{ readonly state: LinkState; readonly viewers: number }>({ state: 'off', viewers: 0 }),
    notices: signal<readonly Notice[]>([]),
    firstSaved: signal<string | null>(null),
    dimmed: signal(false),
  };
}

export type CameraPageState = ReturnType<typeof createCameraState>;

/** Adds a notice, in place of one of its kind. */
export function note(state: CameraPageState, notice: Notice): void {
  state.notices.value = [...state.notices.value.filter(({ kind }) => kind !== notice.kind), notice];
}

export function unnote(state: CameraPageState, kind: Notice['kind']): void {
  state.notices.value = state.notices.value.filter((notice) => notice.kind !== kind);
}

/** Armed, or about to be: somebody relies on it. */
export function isOnDuty(state: CameraPageState): boolean {
  return state.phase.value === 'armed' || state.phase.value === 'starting';
}

/** Armed, and yet there is no picture that is watched. */
export function isBlind(state: CameraPageState): boolean {
  if (state.phase.value !== 'armed') return false;
  return state.blind.value.length > 0 || state.worker.value !== 'ready' || state.stream.value === null;
}

/** The account has taken this camera's right away. */
export function isRemoved(state: CameraPageState): boolean {
  return state.queue.value.state === 'revoked' || state.link.value.state === 'refused';
}
