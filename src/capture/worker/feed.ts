/** A source of frames enters; masked pictures leave one at a time, for as long as the source gives any. */
import type { FeedSource } from '../shared/messages.ts';
import type { Picture, PictureReader } from './picture.ts';

/** MediaStreamTrackProcessor as Safari has it, in workers. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
/** What a worker knows of a track. */
export interface WorkerTrack {
  stop(): void;
}
declare const MediaStreamTrackProcessor: (new (init: { track: WorkerTrack }) => TrackProcessor) | undefined;

/** Pictures a second that the worker's clock asks for, where there is no processor. */
const TICKS_PER_SECOND = 15;
/** A picture that was asked for and has not come for so long is asked for again, ms. */
const TICK_LOST_MILLIS = 1000;

export interface FeedEvents {
  /** The next picture is read when this has resolved; the feed closes the picture. */
  onPicture(picture: Picture): Promise<void> | void;
  /** Asks the window for a picture. */
  onTick(): void;
  /** A single frame could not be read; the next one may. */
  onBadFrame(error: unknown): void;
}

export interface Feed {
  /** Ends the source before it. */
  open(source: FeedSource<ReadableStream<VideoFrame>, WorkerTrack>): void;
  /** A picture of the window; dropped where none was asked for. */
  picture(bitmap: ImageBitmap, timestampMicros: number): void;
  close(): void;
}

export function createFeed(reader: PictureReader, events: FeedEvents): Feed {
  let stop: () => void = () => undefined;
  let deliver: ((bitmap: ImageBitmap, timestampMicros: number) => void) | null = null;

  async function hand(reading: Promise<Picture> | Picture): Promise<void> {
    const picture = await reading;
    try {
      await events.onPicture(picture);
    } finally {
      picture.close();
    }
  }

  async function drain(frames: ReadableStreamDefaultReader<VideoFrame>): Promise<void> {
    for (let next = await frames.read(); !next.done; next = await frames.read()) {
      await hand(reader.ofFrame(next.value)).catch(events.onBadFrame);
    }
  }

  function openReadable(readable: ReadableStream<VideoFrame>): void {
    const frames = readable.getReader();
    stop = () => void frames.cancel().catch(() => undefined);
    drain(frames).catch(events.onBadFrame);
  }

  /** The track is a clone of this worker's own: as long as it lives, the camera is in use. */
  function openTrack(track: WorkerTrack): void {
    if (!MediaStreamTrackProcessor) return;
    openReadable(new MediaStreamTrackProcessor({ track }).readable);
    const cancel = stop;
    stop = () => {
      cancel();
      track.stop();
    };
  }

  function openPictures(): void {
    let askedAt = 0;
    let busy = false;
    const ask = () => {
      if (busy || (askedAt !== 0 && performance.now() - askedAt < TICK_LOST_MILLIS)) return;
      askedAt = performance.now();
      events.onTick();
    };
    const timer = setInterval(ask, 1000 / TICKS_PER_SECOND);
    deliver = (bitmap, timestampMicros) => {
      if (busy) return bitmap.close();
      askedAt = 0;
      busy = true;
      const work = async () => hand(reader.ofBitmap(bitmap, timestampMicros));
      work()
        .catch(events.onBadFrame)
        .finally(() => {
          busy = false;
        });
    };
    stop = () => {
      clearInterval(timer);
      deliver = null;
    };
  }

  const close = () => {
    stop();
    stop = () => undefined;
  };
  return {
    open(source) {
      close();
      if (source.kind === 'readable') openReadable(source.readable);
      else if (source.kind === 'pictures') openPictures();
      else openTrack(source.track);
    },
    picture(bitmap, timestampMicros) {
      if (deliver) deliver(bitmap, timestampMicros);
      else bitmap.close();
    },
    close,
  };
}
