/** Frames out and in again: any chunk survives, anything else is refused. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { beginFrame, CHUNK_HEADER_BYTES, decodeChunk, encodeChunk, setChannel } from './chunk.ts';

const anyChunk = fc.record({
  key: fc.boolean(),
  jpeg: fc.boolean(),
  temporalLayer: fc.integer({ min: 0, max: 3 }),
  channel: fc.integer({ min: 0, max: 65_535 }),
  sequence: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  captureTimeMicros: fc.integer({ min: 0, max: 4e15 }),
  data: fc.uint8Array({ minLength: 1, maxLength: 64 }),
});

it('brings every chunk back as it was', () => {
  fc.assert(
    fc.property(anyChunk, (chunk) => {
      expect(decodeChunk(encodeChunk(chunk))).toEqual(chunk);
    }),
  );
});

it('reads a frame that lies inside a larger buffer', () => {
  fc.assert(
    fc.property(anyChunk, fc.integer({ min: 1, max: 9 }), (chunk, offset) => {
      const frame = encodeChunk(chunk);
      const larger = new Uint8Array(frame.length + offset);
      larger.set(frame, offset);
      expect(decodeChunk(larger.subarray(offset))).toEqual(chunk);
    }),
  );
});

it('changes the channel and nothing else', () => {
  fc.assert(
    fc.property(anyChunk, fc.integer({ min: 0, max: 65_535 }), (chunk, channel) => {
      const frame = encodeChunk(chunk);
      setChannel(frame, channel);
      expect(decodeChunk(frame)).toEqual({ ...chunk, channel });
    }),
  );
});

it('never throws on strange bytes, and refuses another version, a bare header, a time that is none', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void decodeChunk(bytes)));
  const chunk = { key: true, jpeg: false, temporalLayer: 0, channel: 1, sequence: 2, captureTimeMicros: 3 };
  const other = encodeChunk({ ...chunk, data: new Uint8Array(4) });
  other[0] = 2;
  expect(decodeChunk(other)).toBeNull();
  expect(decodeChunk(beginFrame(chunk, 0))).toBeNull();
  expect(decodeChunk(beginFrame({ ...chunk, captureTimeMicros: Number.NaN }, 1))).toBeNull();
  expect(beginFrame(chunk, 5)).toHaveLength(CHUNK_HEADER_BYTES + 5);
});
