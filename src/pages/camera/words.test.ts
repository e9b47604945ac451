import { describe, expect, test, vi } from 'vitest';
import { m } from '../../messages/generated/messages.js';
import { type CameraPageState, createCameraState, isBlind } from './state.ts';

vi.stubGlobal('document', { cookie: '' });
vi.stubGlobal('window', new EventTarget());
vi.stubGlobal('navigator', { onLine: true, languages: ['en'] });
const { online } = await import('../shell/network.ts');
const { secondLine, toneOf } = await import('./words.ts');

/** Armed, with a worker and a picture. */
function watching(): CameraPageState {
  const state = createCameraState();
  state.phase.value = 'armed';
  state.worker.value = 'ready';
  state.stream.value = {} as MediaStream;
  return state;
}

test('armed with a picture that is watched: green', () => {
  expect([toneOf(watching()), isBlind(watching())]).toEqual(['watching', false]);
});

describe('armed, and yet nothing is watched: red, and why', () => {
  test.each<[string, (state: CameraPageState) => void, string]>([
    ['the worker has died', (state) => (state.worker.value = 'lost'), m.camera_blind_worker()],
    ['the worker is not there yet', (state) => (state.worker.value = 'loading'), m.camera_blind_opening()],
    ['the browser still asks for the camera', (state) => (state.stream.value = null), m.camera_blind_opening()],
    ['no frames come', (state) => (state.blind.value = ['no-frames']), m.camera_blind_no_frames()],
  ])('%s', (_, befall, sentence) => {
    const state = watching();
    befall(state);
    expect([toneOf(state), isBlind(state), secondLine(state, false)]).toEqual(['blind', true, sentence]);
  });
});

test('a camera that the account removed is not green, although it sees', () => {
  const state = watching();
  state.link.value = { state: 'refused', viewers: 0 };
  expect([toneOf(state), isBlind(state), secondLine(state, false)]).toEqual(['blind', false, m.camera_removed()]);
});

test.each([
  [false, 1, m.camera_waiting_one()],
  [false, 3, m.camera_waiting({ count: 3 })],
  [true, 1, m.camera_waiting_server_one()],
  [true, 3, m.camera_waiting_server({ count: 3 })],
])('with a network: %s, %i events that wait: what they wait for', (isOnline, events, sentence) => {
  const state = watching();
  state.queue.value = { events, state: 'waiting' };
  online.value = isOnline;
  expect(secondLine(state, false)).toBe(sentence);
});
