/** Chunks of one camera enter; its newest picture is on the canvas at once, in a hidden tab too. */
import type { LiveChunk } from '../shared/chunk.ts';
import { JPEG_CODEC, type VideoConfig } from '../shared/protocol.ts';

export interface PictureOptions {
  readonly canvas: HTMLCanvasElement;
  /** A picture was drawn. Capture time in microseconds since 1970, server time. */
  onDrawn(captureTimeMicros: number): void;
  /** This browser cannot decode that codec. */
  onUnsupported(codec: string): void;
}

export interface Picture {
  configure(video: VideoConfig): void;
  chunk(chunk: LiveChunk): void;
  close(): void;
}

/** More chunks than this wait for the decoder: skip to the next key chunk. A joiner's group of pictures stays below. */
const BACKLOG_MAX = 150;
/** While the decoder catches up, a picture is drawn at least this often, ms. */
const CATCH_UP_MILLIS = 100;

export function createPicture({ canvas, onDrawn, onUnsupported }: PictureOptions): Picture {
  const context = canvas.getContext('2d', { alpha: false });
  let config: VideoDecoderConfig | null = null;
  let decoder: VideoDecoder | null = null;
  let waitsForKey = true;
  let drawnAt = 0;
  let jpegBusy = false;

  const draw = (image: VideoFrame | ImageBitmap, width: number, height: number, captureTimeMicros: number) => {
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context?.drawImage(image, 0, 0, width, height);
    drawnAt = performance.now();
    onDrawn(captureTimeMicros);
  };
  const onFrame = (frame: VideoFrame) => {
    const behind = (decoder?.decodeQueueSize ?? 0) > 1 && performance.now() - drawnAt < CATCH_UP_MILLIS;
    if (!behind) draw(frame, frame.displayWidth, frame.displayHeight, frame.timestamp);
    frame.close();
  };
  const forget = () => {
    const old = decoder;
    decoder = null;
    waitsForKey = true;
    if (old && old.state !== 'closed') old.close();
  };
  const freshDecoder = (): VideoDecoder | null => {
    if (!config) return null;
    const fresh = new VideoDecoder({
      output: (frame) => (decoder === fresh ? onFrame(frame) : frame.close()),
      error: () => {
        if (decoder === fresh) forget();
      },
    });
    fresh.configure(config);
    return fresh;
  };
  const decode = (chunk: LiveChunk) => {
    if (waitsForKey && !chunk.key) return;
    if (!decoder) decoder = freshDecoder();
    if (!decoder) return;
    if (!waitsForKey && decoder.decodeQueueSize > BACKLOG_MAX) {
      forget();
      return;
    }
    waitsForKey = false;
    try {
      decoder.decode(
        new EncodedVideoChunk({
          type: chunk.key ? 'key' : 'delta',
          timestamp: chunk.captureTimeMicros,
          data: chunk.data,
        }),
      );
    } catch {
      forget();
    }
  };
  const drawJpeg = async (chunk: LiveChunk) => {
    if (jpegBusy) return;
    jpegBusy = true;
    try {
      const bitmap = await createImageBitmap(new Blob([chunk.data.slice()], { type: 'image/jpeg' }));
      draw(bitmap, bitmap.width, bitmap.height, chunk.captureTimeMicros);
      bitmap.close();
    } catch {
      // A damaged picture: the next one comes whole.
    } finally {
      jpegBusy = false;
    }
  };
  return {
    configure({ codec, codedWidth, codedHeight, description }) {
      forget();
      config = null;
      if (codec === JPEG_CODEC) return;
      const wanted: VideoDecoderConfig = {
        codec,
        codedWidth,
        codedHeight,
        optimizeForLatency: true,
        hardwareAcceleration: 'no-preference',
        ...(description === undefined
          ? {}
          : { description: Uint8Array.from(atob(description), (letter) => letter.charCodeAt(0)) }),
      };
      if (typeof VideoDecoder === 'undefined') return onUnsupported(codec);
      config = wanted;
      VideoDecoder.isConfigSupported(wanted).then(
        ({ supported }) => {
          if (supported === false && config === wanted) onUnsupported(codec);
        },
        () => {
          if (config === wanted) onUnsupported(codec);
        },
      );
    },
    chunk: (chunk) => (chunk.jpeg ? void drawJpeg(chunk) : decode(chunk)),
    close: () => {
      forget();
      config = null;
    },
  };
}
