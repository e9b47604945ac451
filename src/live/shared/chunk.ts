/**
 * One encoded video chunk enters or leaves as one binary WebSocket frame.
 *
 * | offset | type | field |
 * |---|---|---|
 * | 0 | u8 | version, 1 |
 * | 1 | u8 | flags: bit 0 key chunk, bit 1 JPEG instead of a chunk, bits 2–3 temporal layer |
 * | 2 | u16 | channel: 0 from the camera; towards a viewer the number that `config` gave |
 * | 4 | u32 | sequence number, wraps |
 * | 8 | f64 | capture time, microseconds since 1970 by the server's clock as the camera knows it |
 * | 16 | bytes | the chunk as WebCodecs gave it (H.264: Annex B; VP9: one frame) or a JPEG |
 *
 * All numbers big-endian. The timestamp for the decoder is the capture time.
 */
export const CHUNK_HEADER_BYTES = 16;
const VERSION = 1;

export interface LiveChunk {
  readonly key: boolean;
  readonly jpeg: boolean;
  /** 0..3; a slow viewer loses the highest first. */
  readonly temporalLayer: number;
  readonly channel: number;
  readonly sequence: number;
  /** Microseconds since 1970, server time. */
  readonly captureTimeMicros: number;
  /** A view on the frame's bytes: copy to keep. */
  readonly data: Uint8Array;
}

/**
 * Begins a frame: a fresh buffer with the header written and room for the chunk behind it,
 * so that an encoder copies its bytes once (`chunk.copyTo(frame.subarray(CHUNK_HEADER_BYTES))`).
 * @param byteLength of the chunk, without the header
 */
export function beginFrame(header: Omit<LiveChunk, 'data'>, byteLength: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(CHUNK_HEADER_BYTES + byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, (header.key ? 1 : 0) | (header.jpeg ? 2 : 0) | ((header.temporalLayer & 3) << 2));
  view.setUint16(2, header.channel);
  view.setUint32(4, header.sequence >>> 0);
  view.setFloat64(8, header.captureTimeMicros);
  return bytes;
}

/** Writes a chunk into a fresh buffer. */
export function encodeChunk(chunk: LiveChunk): Uint8Array<ArrayBuffer> {
  const frame = beginFrame(chunk, chunk.data.byteLength);
  frame.set(chunk.data, CHUNK_HEADER_BYTES);
  return frame;
}

/** Reads a frame; null where it is not one of this version. */
export function decodeChunk(bytes: Uint8Array): LiveChunk | null {
  if (bytes.byteLength <= CHUNK_HEADER_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== VERSION) return null;
  const flags = view.getUint8(1);
  const captureTimeMicros = view.getFloat64(8);
  if (!Number.isFinite(captureTimeMicros)) return null;
  return {
    key: (flags & 1) !== 0,
    jpeg: (flags & 2) !== 0,
    temporalLayer: (flags >> 2) & 3,
    channel: view.getUint16(2),
    sequence: view.getUint32(4),
    captureTimeMicros,
    data: bytes.subarray(CHUNK_HEADER_BYTES),
  };
}

/** Rewrites the channel in place, for one viewer; the payload is not touched. */
export function setChannel(frame: Uint8Array, channel: number): void {
  new DataView(frame.buffer, frame.byteOffset, frame.byteLength).setUint16(2, channel);
}
