/** Viewers with full and empty buffers: who gets which frame, and that a slow one costs the others nothing. */
import { describe, expect, it } from 'vitest';
import { decodeChunk, encodeChunk } from '../shared/chunk.ts';
import type { ToViewerMessage } from '../shared/protocol.ts';
import { createChannels } from './channels.ts';
import { BUFFERED_HIGH_BYTES } from './lane.ts';
import { createRelay } from './relay.ts';

const VIDEO = { codec: 'avc1.42001f', codedWidth: 640, codedHeight: 480 };

function frame(key: boolean, sequence: number, byteLength = 100): Uint8Array {
  return encodeChunk({
    key,
    jpeg: false,
    temporalLayer: 0,
    channel: 0,
    sequence,
    captureTimeMicros: 1,
    data: new Uint8Array(byteLength),
  });
}

function viewer() {
  const frames: Uint8Array[] = [];
  const texts: ToViewerMessage[] = [];
  const state = { bufferedBytes: 0 };
  return {
    frames,
    texts,
    state,
    sequences: () => frames.map((bytes) => decodeChunk(bytes)?.sequence),
    link: {
      get bufferedBytes() {
        return state.bufferedBytes;
      },
      binary: (bytes: Uint8Array) => frames.push(bytes),
      text: (message: ToViewerMessage) => texts.push(message),
    },
  };
}

function setUp() {
  const relay = createRelay();
  const watched: [number, boolean][] = [];
  const publication = relay.publish('camera', { watched: (viewers, key) => watched.push([viewers, key]) });
  publication.config(VIDEO);
  publication.streaming(true);
  return { relay, publication, watched };
}

describe('the relay', () => {
  it('gives every viewer the very same bytes: no copy', () => {
    const { relay, publication } = setUp();
    const [a, b] = [viewer(), viewer()];
    relay.watch('camera', a.link);
    relay.watch('camera', b.link);
    const sent = frame(true, 1);
    publication.chunk(sent);
    expect(a.frames[0]).toBe(sent);
    expect(b.frames[0]).toBe(sent);
    const config = a.texts[0];
    expect(config?.type === 'config' && config.channel).toBe(decodeChunk(sent)?.channel);
  });

  it('lets a slow viewer skip to the next key frame that it has room for, the others unchanged', () => {
    const { relay, publication } = setUp();
    const [slow, fast] = [viewer(), viewer()];
    relay.watch('camera', slow.link);
    relay.watch('camera', fast.link);
    publication.chunk(frame(true, 1));
    slow.state.bufferedBytes = BUFFERED_HIGH_BYTES + 1;
    publication.chunk(frame(false, 2));
    publication.chunk(frame(true, 3));
    slow.state.bufferedBytes = 0;
    publication.chunk(frame(false, 4));
    publication.chunk(frame(true, 5));
    publication.chunk(frame(false, 6));
    expect(slow.sequences()).toEqual([1, 5, 6]);
    expect(fast.sequences()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('keeps the last group only, and nothing of what was sent before anybody watched', () => {
    const { relay, publication } = setUp();
    publication.chunk(frame(true, 1));
    const first = viewer();
    relay.watch('camera', first.link);
    expect(first.frames).toEqual([]);
    publication.chunk(frame(false, 2));
    expect(first.frames).toEqual([]);
    for (const [key, sequence] of [
      [true, 3],
      [false, 4],
      [true, 5],
      [false, 6],
    ] as const)
      publication.chunk(frame(key, sequence));
    const joiner = viewer();
    relay.watch('camera', joiner.link);
    expect(joiner.sequences()).toEqual([5, 6]);
  });

  it('asks for a key frame where the joiner could not be given a group', () => {
    const { relay, watched } = setUp();
    relay.watch('camera', viewer().link);
    relay.watch('camera', viewer().link);
    expect(watched).toEqual([
      [1, true],
      [2, true],
    ]);
  });

  it('does not keep a group without end', () => {
    const { relay, publication } = setUp();
    const first = viewer();
    relay.watch('camera', first.link);
    publication.chunk(frame(true, 0, 1024 * 1024));
    for (let sequence = 1; sequence < 20; sequence++) publication.chunk(frame(false, sequence, 1024 * 1024));
    const joiner = viewer();
    relay.watch('camera', joiner.link);
    expect(joiner.frames).toEqual([]);
    publication.chunk(frame(false, 20));
    expect(joiner.frames).toEqual([]);
    publication.chunk(frame(true, 21));
    expect(joiner.sequences()).toEqual([21]);
  });

  it('goes on for those who wait when a camera comes back, and lets its former socket say nothing more', () => {
    const { relay, publication } = setUp();
    const waiting = viewer();
    relay.watch('camera', waiting.link);
    const again = relay.publish('camera', { watched: () => {} });
    publication.chunk(frame(true, 1));
    publication.config({ ...VIDEO, codec: 'vp09.00.10.08' });
    again.config(VIDEO);
    again.streaming(true);
    publication.end();
    again.chunk(frame(true, 2));
    expect(waiting.sequences()).toEqual([2]);
    expect(waiting.texts.at(-1)).toMatchObject({ type: 'config', video: VIDEO });
  });

  it('sends a new configuration before the chunks that need it', () => {
    const { relay, publication } = setUp();
    const one = viewer();
    relay.watch('camera', one.link);
    publication.config({ ...VIDEO, codedWidth: 1280 });
    expect(one.texts).toHaveLength(2);
    const joiner = viewer();
    relay.watch('camera', joiner.link);
    expect(joiner.texts).toMatchObject([{ type: 'config', video: { codedWidth: 1280 } }]);
  });

  it('refuses what is not a chunk', () => {
    expect(setUp().publication.chunk(new Uint8Array(40))).toBe(false);
  });
});

describe('channels', () => {
  it('are never two cameras’ at once, and come back as late as possible', () => {
    const channels = createChannels();
    const first = channels.take();
    expect(channels.take()).not.toBe(first);
    channels.free(first);
    expect(channels.take()).not.toBe(first);
    for (let taken = 3; taken <= 65_536; taken++) channels.take();
    expect(() => channels.take()).toThrow(RangeError);
    channels.free(7);
    expect(channels.take()).toBe(7);
  });
});
