/** What leaves the encoder for everything behind it: one encoded frame with both of its times. */

/** One encoded frame. */
export interface Chunk {
  /** `key` decodes by itself, `delta` needs those before it. */
  readonly type: 'key' | 'delta';
  /** Media time in microseconds, growing, of the track's own epoch. */
  readonly timestampMicros: number;
  /** When the frame was taken, microseconds since 1970 by this machine's clock. */
  readonly captureTimeMicros: number;
  /** H.264 as Annex B, or one VP9 frame; own memory, not to be written to. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** What a decoder needs; the same object for as long as nothing changes. */
  readonly config: VideoDecoderConfig;
}
