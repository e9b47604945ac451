/** Messages for the worker enter; the worker's own leave, to whoever listens. It owns the worker: starts it and ends it. */
import type { FromWorker, ToWorker } from '../shared/messages.ts';

export type WorkerMessage = ToWorker<ReadableStream<VideoFrame>, MediaStreamTrack, CryptoKey, ImageBitmap>;

export interface CameraWorkerLink {
  post(message: WorkerMessage, transfer?: Transferable[]): void;
  close(): void;
}

/** @param onFailure the worker's program could not be loaded or broke */
export function startCameraWorker(onMessage: (message: FromWorker) => void, onFailure: () => void): CameraWorkerLink {
  const worker = new Worker(new URL('../worker/camera-worker.ts', import.meta.url), { type: 'module', name: 'camera' });
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => onMessage(data));
  worker.addEventListener('error', onFailure);
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    close: () => worker.terminate(),
  };
}
