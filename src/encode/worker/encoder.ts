/** Masked frames enter; chunks leave, encoded once for ring, clip and live picture. */
import type { Chunk } from './chunk.ts';
import { chooseEncoding } from './codec.ts';

/** A key chunk at least this often: what a viewer waits at most, and the length of a clip's part. */
const KEY_SECONDS = 2;
/** Frames that may wait in the encoder; more are left out, so that a slow machine falls behind in rate, not in time. */
const QUEUE_MAX = 4;
/** Pause before an encoder that failed is made anew. */
const RETRY_MILLIS = 1000;

export interface Encoder {
  /**
   * Encodes a frame; the caller still closes it. Does nothing while the encoder is being made.
   *
   * @param captureTimeMicros when the frame was taken, microseconds since 1970
   */
  encode(frame: VideoFrame, captureTimeMicros: number): void;
  /** The next frame becomes a key chunk. */
  requestKey(): void;
  close(): void;
}

export interface EncoderEvents {
  /** In the order of the frames. `chunk.config` is another object whenever the configuration changed. */
  onChunk(chunk: Chunk): void;
  /** The machine encodes neither H.264 nor VP9 at this size. */
  onUnsupported(): void;
}

/** @param framesPerSecond rate for which level and bit rate are chosen */
export function createEncoder(framesPerSecond: number, events: EncoderEvents): Encoder {
  let encoder: VideoEncoder | null = null;
  let config: VideoDecoderConfig | null = null;
  let size = '';
  let keyWanted = true;
  let lastKeyMicros = 0;
  let lastTimestampMicros = Number.NEGATIVE_INFINITY;
  let generation = 0;
  const failed = new Set<string>();
  const captureTimes = new Map<number, number>();

  function take(
    chunk: EncodedVideoChunk,
    metadata: EncodedVideoChunkMetadata | undefined,
    wanted: VideoEncoderConfig,
  ): void {
    // Some encoders say the same configuration with every key chunk: it is another one only where it differs.
    if (!config || (metadata?.decoderConfig && !sameBytes(config.description, metadata.decoderConfig.description)))
      config = { codec: wanted.codec, codedWidth: wanted.width, codedHeight: wanted.height, ...described(metadata) };
    const data = new Uint8Array(chunk.byteLength);
    chunk.copyTo(data);
    const captureTimeMicros = captureTimes.get(chunk.timestamp) ?? 0;
    for (const timestamp of captureTimes.keys()) if (timestamp <= chunk.timestamp) captureTimes.delete(timestamp);
    events.onChunk({ type: chunk.type, timestampMicros: chunk.timestamp, captureTimeMicros, data, config });
  }

  async function open(width: number, height: number): Promise<void> {
    const mine = ++generation;
    shut();
    const supports = async (candidate: VideoEncoderConfig) =>
      (await VideoEncoder.isConfigSupported(candidate).catch(() => ({ supported: false }))).supported === true;
    const wanted = await chooseEncoding(width, height, framesPerSecond, supports, failed);
    if (mine !== generation) return;
    if (!wanted) return events.onUnsupported();
    const retry = () => {
      if (mine !== generation) return;
      failed.add(wanted.codec.slice(0, 4));
      if (failed.size > 1) failed.clear();
      encoder = null;
      setTimeout(() => mine === generation && void open(width, height), RETRY_MILLIS);
    };
    try {
      const made = new VideoEncoder({
        output: (chunk, metadata) => mine === generation && take(chunk, metadata, wanted),
        error: retry,
      });
      made.configure(wanted);
      encoder = made;
    } catch {
      // What it said it supports it may refuse all the same: all hardware encoders taken.
      retry();
    }
  }

  function shut(): void {
    if (encoder && encoder.state !== 'closed') encoder.close();
    encoder = null;
    config = null;
    keyWanted = true;
    captureTimes.clear();
  }

  return {
    encode(frame, captureTimeMicros) {
      const frameSize = `${frame.displayWidth}×${frame.displayHeight}`;
      if (frame.timestamp === lastTimestampMicros) return;
      const newEpoch = frame.timestamp < lastTimestampMicros;
      lastTimestampMicros = frame.timestamp;
      if (frameSize !== size || newEpoch) {
        size = frameSize;
        void open(frame.displayWidth, frame.displayHeight);
        return;
      }
      if (!encoder || encoder.state !== 'configured' || encoder.encodeQueueSize >= QUEUE_MAX) return;
      const keyFrame = keyWanted || frame.timestamp - lastKeyMicros >= KEY_SECONDS * 1e6;
      if (keyFrame) lastKeyMicros = frame.timestamp;
      keyWanted = false;
      captureTimes.set(frame.timestamp, captureTimeMicros);
      encoder.encode(frame, { keyFrame });
    },
    requestKey() {
      keyWanted = true;
    },
    close() {
      generation++;
      shut();
      size = '';
    },
  };
}

function described(metadata: EncodedVideoChunkMetadata | undefined): { description?: AllowSharedBufferSource } {
  const description = metadata?.decoderConfig?.description;
  return description === undefined ? {} : { description };
}

function sameBytes(one: AllowSharedBufferSource | undefined, other: AllowSharedBufferSource | undefined): boolean {
  return bytesOf(one).join() === bytesOf(other).join();
}

function bytesOf(source: AllowSharedBufferSource | undefined): Uint8Array {
  if (source === undefined) return new Uint8Array(0);
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
