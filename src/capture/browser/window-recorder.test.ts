import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWindowRecorder } from './window-recorder.ts';

/** A track that the test ends. */
const track = { readyState: 'live' as MediaStreamTrackState };
const stream = { getTracks: () => [track] } as unknown as MediaStream;
const made: FakeRecorder[] = [];

/** As browsers do, it refuses to record a track that has ended. */
class FakeRecorder {
  static isTypeSupported = (type: string) => type === 'video/webm';
  state: RecordingState = 'inactive';
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  onstop: (() => void) | null = null;
  requestData = vi.fn();
  constructor() {
    made.push(this);
  }
  start() {
    if (track.readyState === 'ended') throw new DOMException('', 'NotSupportedError');
    this.state = 'recording';
  }
  stop() {
    this.state = 'inactive';
    this.onstop?.();
  }
  give(text: string) {
    this.ondataavailable?.({ data: new Blob([text]) });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaRecorder', FakeRecorder);
  track.readyState = 'live';
  made.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a film begins with what the older recording holds, its last piece is called so', async () => {
  const pieces: [eventId: string, text: string, last: boolean][] = [];
  const recorder = createWindowRecorder(stream, (eventId, bytes, mediaType, last) => {
    expect(mediaType).toBe('video/webm');
    pieces.push([eventId, new TextDecoder().decode(bytes), last]);
  });
  made[0]?.give('before ');
  vi.advanceTimersByTime(5000);
  recorder.begin('e');
  expect(made.map(({ state }) => state)).toEqual(['recording', 'inactive']);
  made[0]?.give('during ');
  made[0]?.give('after');
  recorder.end('e');
  await vi.waitFor(() => expect(pieces).toHaveLength(3));
  expect(pieces).toEqual([
    ['e', 'before ', false],
    ['e', 'during ', false],
    ['e', 'after', true],
  ]);
  recorder.close();
});

test('with its track over it waits for another, without an error each time', () => {
  const recorder = createWindowRecorder(stream, () => undefined);
  track.readyState = 'ended';
  vi.advanceTimersByTime(20_000);
  expect(made).toHaveLength(1);
  recorder.close();
});
