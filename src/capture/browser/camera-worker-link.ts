/** Messages for the worker enter; the worker's own leave. It owns the worker: starts it, and another when it has died. */
import type { FromWorker, ToWorker } from '../shared/messages.ts';

export type WorkerMessage = ToWorker<ReadableStream<VideoFrame>, MediaStreamTrack, CryptoKey, ImageBitmap>;

export interface CameraWorkerLink {
  post(message: WorkerMessage, transfer?: Transferable[]): void;
  close(): void;
}

export interface CameraWorkerEvents {
  onMessage(message: FromWorker): void;
  /** The program could not be loaded, or says nothing any more; another is on its way. */
  onLost(): void;
  /** Another has taken its place and knows nothing yet: what is posted from here on reaches it. */
  onFresh(): void;
  /** Whether it speaks every other second now: it is armed. */
  isExpected(): boolean;
}

const CHECK_MILLIS = 1000;
/** A worker that has to speak and has not for longer is dead, ms. */
const SILENCE_MILLIS = 6000;
/** One that has not come up in this time never will, ms. */
const LOADING_MILLIS = 60_000;
const RESTART_FIRST_MILLIS = 2000;
const RESTART_MAX_MILLIS = 60_000;
/** After such a life the next is started at once again, ms. */
const LONG_LIFE_MILLIS = 60_000;

const startProgram = () =>
  new Worker(new URL('../worker/camera-worker.ts', import.meta.url), { type: 'module', name: 'camera' });

/** @param start makes a worker; injected by tests */
export function startCameraWorker(events: CameraWorkerEvents, start: () => Worker = startProgram): CameraWorkerLink {
  let worker: Worker;
  let ready = false;
  let lost = false;
  let begunAt = 0;
  let heardAt = 0;
  let suspected = false;
  let failures = 0;
  let restart: ReturnType<typeof setTimeout> | undefined;

  function begin(): void {
    const mine = start();
    worker = mine;
    ready = lost = suspected = false;
    begunAt = heardAt = Date.now();
    mine.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (worker !== mine || lost) return;
      heardAt = Date.now();
      if (data.type === 'ready') ready = true;
      events.onMessage(data);
    });
    mine.addEventListener('error', () => {
      if (worker === mine && !ready && !lost) lose();
    });
  }

  function lose(): void {
    lost = true;
    worker.terminate();
    if (Date.now() - begunAt > LONG_LIFE_MILLIS) failures = 0;
    const pause = failures === 0 ? 0 : Math.min(RESTART_MAX_MILLIS, RESTART_FIRST_MILLIS * 2 ** (failures - 1));
    failures++;
    events.onLost();
    restart = setTimeout(() => {
      begin();
      events.onFresh();
    }, pause);
  }

  /** Twice in a row, since a machine that slept wakes the window before it wakes the worker. */
  function check(): void {
    const silent = Date.now() - heardAt > (ready ? SILENCE_MILLIS : LOADING_MILLIS);
    if (lost || !silent || (ready && !events.isExpected())) suspected = false;
    else if (suspected) lose();
    else suspected = true;
  }

  begin();
  const checking = setInterval(check, CHECK_MILLIS);
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    close() {
      clearInterval(checking);
      clearTimeout(restart);
      worker.terminate();
    },
  };
}
