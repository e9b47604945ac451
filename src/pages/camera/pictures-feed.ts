/** A stream enters; it reaches the worker by the best way of this browser, and films are recorded where the worker cannot. */
import type { CameraWorkerLink } from '../../capture/browser/camera-worker-link.ts';
import { feedOf } from '../../capture/browser/feed-source.ts';
import { createMaskedStream, type MaskedStream } from '../../capture/browser/masked-stream.ts';
import { createPictureDrawer, type PictureDrawer } from '../../capture/browser/picture-drawer.ts';
import { createWindowRecorder, type WindowRecorder } from '../../capture/browser/window-recorder.ts';
import type { Mask } from '../../capture/shared/mask.ts';

/** What the worker said that it can. */
export interface WorkerAbilities {
  readonly hasTrackProcessor: boolean;
  readonly canEncode: boolean;
}

export interface PicturesFeed {
  /** The worker is there. */
  able(abilities: WorkerAbilities): void;
  /** A track with its stream; the ones before are over. */
  track(track: MediaStreamTrack, stream: MediaStream): void;
  /** The worker's clock asks for a picture. */
  tick(): void;
  /** The worker cannot encode after all. */
  cannotEncode(): void;
  record(eventId: string, on: boolean): void;
  /** Burnt into what the window records; what the worker makes, it masks itself. */
  mask(masks: readonly Mask[]): void;
}

export function createPicturesFeed(worker: CameraWorkerLink): PicturesFeed {
  let abilities: WorkerAbilities | null = null;
  let current: { readonly track: MediaStreamTrack; readonly stream: MediaStream } | null = null;
  let drawer: PictureDrawer | null = null;
  let recorder: WindowRecorder | null = null;
  let masked: MaskedStream | null = null;
  let masks: readonly Mask[] = [];

  function restart(): void {
    drawer?.close();
    drawer = null;
    closeRecorder();
    if (!abilities || !current) return;
    const { source, transfer } = feedOf(current.track, abilities.hasTrackProcessor);
    if (source.kind === 'pictures') drawer = createPictureDrawer(current.stream);
    worker.post({ type: 'open', source }, transfer);
    if (!abilities.canEncode) openRecorder(current.stream);
  }

  function closeRecorder(): void {
    recorder?.close();
    masked?.close();
    recorder = masked = null;
  }

  function openRecorder(stream: MediaStream): void {
    if (typeof MediaRecorder === 'undefined') return;
    if (masks.length > 0) masked = createMaskedStream(stream, masks);
    recorder = createWindowRecorder(masked?.stream ?? stream, (eventId, bytes, mediaType, last) =>
      worker.post({ type: 'recorded', eventId, bytes, mediaType, last }, [bytes]),
    );
  }

  return {
    able(said) {
      abilities = said;
      restart();
    },
    track(track, stream) {
      current = { track, stream };
      restart();
    },
    tick() {
      void drawer?.draw().then(
        (picture) => picture && worker.post({ type: 'picture', ...picture }, [picture.bitmap]),
        () => undefined,
      );
    },
    cannotEncode() {
      if (abilities) abilities = { ...abilities, canEncode: false };
      if (current && !recorder) openRecorder(current.stream);
    },
    mask(next) {
      if (JSON.stringify(next) === JSON.stringify(masks)) return;
      masks = next;
      if (!recorder || !current) return;
      closeRecorder();
      openRecorder(current.stream);
    },
    record(eventId, on) {
      if (on) recorder?.begin(eventId);
      else recorder?.end(eventId);
    },
  };
}
