/** A wish for a camera enters; its track leaves, and again whenever it was lost and is back. */
import type { BlindCause } from '../shared/messages.ts';
import { type CameraProblem, problemOf } from './problem.ts';

/** Which lens and how fine a picture. */
export interface CameraChoice {
  /** From `MediaDeviceInfo`; null: the one that looks away from the person where there are two, else the only one. */
  readonly deviceId: string | null;
  /** Lines of the picture; null: what suits the machine. */
  readonly height: number | null;
}

export interface CameraTrackEvents {
  /** A track that gives pictures; the one before it is over. */
  onTrack(track: MediaStreamTrack, stream: MediaStream): void;
  /** Why there is none; null: there is. */
  onProblem(problem: CameraProblem | null): void;
  onBlind(cause: BlindCause, on: boolean): void;
}

export interface CameraTrack {
  /** Opens the camera, or another one. Never rejects: what goes wrong is a problem. */
  open(choice: CameraChoice): Promise<void>;
  /** Tries again at once. */
  retry(): void;
  close(): void;
}

const RETRY_FIRST_MILLIS = 500;
const RETRY_MAX_MILLIS = 15_000;
/** Machines with as many cores encode 1280 × 720 without strain. */
const CORES_FOR_720 = 4;

/** Lines that suit a machine: 720 where it has cores enough, else 480. */
export function suitableHeight(cores: number): number {
  return cores >= CORES_FOR_720 ? 720 : 480;
}

/** What the browser is asked for; every wish gives way where the camera cannot. */
export function constraintsOf(choice: CameraChoice, cores: number): MediaTrackConstraints {
  const height = choice.height ?? suitableHeight(cores);
  const width = height === 480 ? 640 : Math.round((height * 16) / 9);
  const lens: MediaTrackConstraints =
    choice.deviceId === null ? { facingMode: { ideal: 'environment' } } : { deviceId: { exact: choice.deviceId } };
  return { ...lens, width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30, max: 30 } };
}

/** @param media `navigator.mediaDevices` */
export function createCameraTrack(media: MediaDevices, events: CameraTrackEvents): CameraTrack {
  let choice: CameraChoice = { deviceId: null, height: null };
  let stream: MediaStream | null = null;
  let hadCamera = false;
  let failures = 0;
  let wanted = false;
  let opening = false;
  let timer = 0;

  function release(): void {
    for (const track of stream?.getTracks() ?? []) {
      track.onended = track.onmute = track.onunmute = null;
      track.stop();
    }
    stream = null;
  }

  function follow(track: MediaStreamTrack): void {
    track.onmute = () => events.onBlind('track-muted', true);
    track.onunmute = () => events.onBlind('track-muted', false);
    track.onended = () => {
      events.onBlind('track-muted', false);
      events.onBlind('track-ended', true);
      release();
      void attempt();
    };
    events.onBlind('track-muted', track.muted);
  }

  async function attempt(): Promise<void> {
    if (!wanted || opening) return;
    opening = true;
    clearTimeout(timer);
    try {
      const fresh = await media.getUserMedia({
        video: constraintsOf(choice, navigator.hardwareConcurrency),
        audio: false,
      });
      const track = fresh.getVideoTracks()[0];
      opening = false;
      if (!wanted || !track) return void fresh.getTracks().forEach((one) => one.stop());
      stream = fresh;
      hadCamera = true;
      failures = 0;
      follow(track);
      events.onBlind('track-ended', false);
      events.onProblem(null);
      events.onTrack(track, fresh);
    } catch (error) {
      opening = false;
      // A lens that is no longer there: any other is better than none.
      if (choice.deviceId !== null && error instanceof DOMException && error.name === 'OverconstrainedError') {
        choice = { ...choice, deviceId: null };
        return attempt();
      }
      events.onProblem(problemOf(error, hadCamera));
      const pause = Math.min(RETRY_MAX_MILLIS, RETRY_FIRST_MILLIS * 2 ** failures++);
      // Before anything was given, only the person can change it; afterwards the camera comes back by itself.
      if (hadCamera) timer = window.setTimeout(() => void attempt(), pause);
    }
  }

  const retry = () => {
    if (wanted && !stream) void attempt();
  };
  media.addEventListener('devicechange', retry);
  document.addEventListener('visibilitychange', retry);
  void navigator.permissions
    ?.query({ name: 'camera' as PermissionName })
    .then((status) => status.addEventListener('change', retry))
    .catch(() => undefined);

  return {
    async open(next) {
      choice = next;
      wanted = true;
      release();
      await attempt();
    },
    retry,
    close() {
      wanted = false;
      clearTimeout(timer);
      media.removeEventListener('devicechange', retry);
      document.removeEventListener('visibilitychange', retry);
      release();
    },
  };
}
