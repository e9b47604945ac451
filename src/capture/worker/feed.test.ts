import { afterEach, expect, test, vi } from 'vitest';
import { createFeed } from './feed.ts';
import type { PictureReader } from './picture.ts';

afterEach(() => vi.unstubAllGlobals());

test('a track that came for this worker alone is given back when another source takes its place', () => {
  vi.stubGlobal(
    'MediaStreamTrackProcessor',
    class {
      readonly readable = new ReadableStream();
    },
  );
  const nothing = () => undefined;
  const feed = createFeed({} as PictureReader, { onPicture: nothing, onTick: nothing, onBadFrame: nothing });
  const tracks = [0, 1].map(() => ({ stop: vi.fn() }));
  const stops = () => tracks.map(({ stop }) => stop.mock.calls.length);
  for (const track of tracks) feed.open({ kind: 'track', track });
  expect(stops()).toEqual([1, 0]);
  feed.close();
  expect(stops()).toEqual([1, 1]);
});
