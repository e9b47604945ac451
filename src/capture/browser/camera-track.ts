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
  /** The track is over, another may come: whoever reads a copy of it lets go, else the device goes on as it was. */
  onOver(): void;
  /** Why there is none; null: there is. */
  onProblem(problem: CameraProblem | null): void;
  onBlind(cause: BlindCause, on: boolean): void;
  /** Whether another lens watches because the chosen one is not there. */
  onStandIn(on: boolean): void;
  /** Whether it is opened again and again, even where this page never had it: it is armed. */
  isNeeded(): boolean;
}

export interface CameraTrack {
  /** Opens the camera, or another one. Never rejects: what goes wrong is a problem. */
  open(choice: CameraChoice): Promise<void>;
  /** Tries again at once. */
  retry(): void;
  /** Whether pictures come: a camera that lives and gives none for long is opened anew. */
  sees(on: boolean): void;
  close(): void;
}

const RETRY_FIRST_MILLIS = 500;
const RETRY_MAX_MILLIS = 15_000;
/** No picture for so long: the camera is opened anew, and twice as late each time that it did not help, ms. */
const DARK_FIRST_MILLIS = 10_000;
const DARK_MAX_MILLIS = 300_000;
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

type Timer = ReturnType<typeof setTimeout> | undefined;

/** @param media `navigator.mediaDevices` */
export function createCameraTrack(media: MediaDevices, events: CameraTrackEvents): CameraTrack {
  let choice: CameraChoice = { deviceId: null, height: null };
  let stream: MediaStream | null = null;
  let hadCamera = false;
  let failures = 0;
  let wanted = false;
  let opening = false;
  let standIn = false;
  let timer: Timer;
  let dark = false;
  let darkTimer: Timer;
  let reopened = 0;

  function release(): void {
    if (!stream) return;
    for (const track of stream.getTracks()) {
      track.onended = track.onmute = track.onunmute = null;
      track.stop();
    }
    stream = null;
    events.onOver();
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

  /** The chosen lens, or any other where it is not there: that is better than none. */
  async function ask(): Promise<MediaStream> {
    const request = (video: MediaTrackConstraints) => media.getUserMedia({ video, audio: false });
    const cores = navigator.hardwareConcurrency;
    try {
      const fresh = await request(constraintsOf(choice, cores));
      standIn = false;
      return fresh;
    } catch (error) {
      if (choice.deviceId === null || !isMissing(error)) throw error;
      const fresh = await request(constraintsOf({ ...choice, deviceId: null }, cores));
      standIn = true;
      return fresh;
    }
  }

  async function attempt(): Promise<void> {
    if (!wanted || opening) return;
    opening = true;
    clearTimeout(timer);
    const asked = choice;
    try {
      const fresh = await ask();
      const track = fresh.getVideoTracks()[0];
      opening = false;
      if (!wanted || !track) return stopAll(fresh);
      if (asked !== choice) {
        stopAll(fresh);
        return await attempt();
      }
      stream = fresh;
      hadCamera = true;
      failures = 0;
      follow(track);
      events.onBlind('track-ended', false);
      events.onProblem(null);
      events.onStandIn(standIn);
      events.onTrack(track, fresh);
    } catch (error) {
      opening = false;
      if (!wanted) return;
      if (asked !== choice) return await attempt();
      events.onProblem(problemOf(error, hadCamera));
      const pause = Math.min(RETRY_MAX_MILLIS, RETRY_FIRST_MILLIS * 2 ** failures++);
      // Before anything was given, only the person can change it; afterwards the camera comes back by itself.
      if (hadCamera || events.isNeeded()) timer = setTimeout(() => void attempt(), pause);
    }
  }

  function reopen(): void {
    release();
    void attempt();
  }

  /** Opens it anew for as long as no picture comes. */
  function expectPicture(): void {
    clearTimeout(darkTimer);
    const pause = Math.min(DARK_MAX_MILLIS, DARK_FIRST_MILLIS * 2 ** reopened);
    darkTimer = setTimeout(() => {
      if (!wanted || !dark) return;
      reopened++;
      if (stream) reopen();
      expectPicture();
    }, pause);
  }

  /** A plug was put in or pulled: the chosen lens may be back. */
  async function lookForChosen(): Promise<void> {
    const devices = await media.enumerateDevices();
    if (wanted && stream && standIn && devices.some(({ deviceId }) => deviceId === choice.deviceId)) reopen();
  }

  const retry = () => {
    if (wanted && !stream) void attempt();
    else if (standIn) void lookForChosen().catch(() => undefined);
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
    sees(on) {
      if (on === !dark) return;
      dark = !on;
      clearTimeout(darkTimer);
      if (on) reopened = 0;
      else expectPicture();
    },
    close() {
      wanted = false;
      clearTimeout(timer);
      clearTimeout(darkTimer);
      media.removeEventListener('devicechange', retry);
      document.removeEventListener('visibilitychange', retry);
      release();
    },
  };
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.name === 'OverconstrainedError' || error.name === 'NotFoundError');
}
