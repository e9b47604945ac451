import { afterEach, expect, test, vi } from 'vitest';
import { createEncoder } from './encoder.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('an encoder that refuses what it said it supports is made anew, with the other codec', async () => {
  vi.useFakeTimers();
  const configured: string[] = [];
  class VideoEncoder {
    static isConfigSupported = async () => ({ supported: true });
    state = 'unconfigured';
    encodeQueueSize = 0;
    configure({ codec }: VideoEncoderConfig) {
      configured.push(codec.slice(0, 4));
      if (configured.length === 1) throw new DOMException('no encoder is left', 'NotSupportedError');
      this.state = 'configured';
    }
    encode = encoded;
    close = () => undefined;
  }
  const encoded = vi.fn();
  vi.stubGlobal('VideoEncoder', VideoEncoder);
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  const encoder = createEncoder(30, { onChunk: () => undefined, onUnsupported: () => undefined });
  const frame = (timestamp: number) => ({ displayWidth: 64, displayHeight: 48, timestamp }) as VideoFrame;
  encoder.encode(frame(0), 0);
  await vi.advanceTimersByTimeAsync(0);
  encoder.encode(frame(1), 1);
  expect(encoded).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  encoder.encode(frame(2), 2);
  expect(configured).toEqual(['avc1', 'vp09']);
  expect(encoded).toHaveBeenCalledOnce();
  expect(unhandled).not.toHaveBeenCalled();
  process.off('unhandledRejection', unhandled);
});

test('a configuration that is said again is the same object; another one is not', async () => {
  let output: EncodedVideoChunkOutputCallback = () => undefined;
  class VideoEncoder {
    static isConfigSupported = async () => ({ supported: true });
    state = 'configured';
    encodeQueueSize = 0;
    constructor(init: VideoEncoderInit) {
      output = init.output;
    }
    configure = () => undefined;
    encode = () => undefined;
    close = () => undefined;
  }
  vi.stubGlobal('VideoEncoder', VideoEncoder);
  const configs: VideoDecoderConfig[] = [];
  const encoder = createEncoder(30, { onChunk: ({ config }) => configs.push(config), onUnsupported: () => undefined });
  encoder.encode({ displayWidth: 64, displayHeight: 48, timestamp: 0 } as VideoFrame, 0);
  await vi.waitFor(() => {
    const chunk = { byteLength: 0, timestamp: 0, type: 'key', copyTo: () => undefined } as unknown as EncodedVideoChunk;
    output(chunk, { decoderConfig: { codec: 'avc1.42E00D', description: Uint8Array.of(1, 2) } });
    output(chunk, { decoderConfig: { codec: 'avc1.42E00D', description: Uint8Array.of(1, 2) } });
    output(chunk, {});
    output(chunk, { decoderConfig: { codec: 'avc1.42E00D', description: Uint8Array.of(1, 3) } });
    expect(configs).toHaveLength(4);
  });
  expect(configs[1]).toBe(configs[0]);
  expect(configs[2]).toBe(configs[0]);
  expect(configs[3]).not.toBe(configs[0]);
});
