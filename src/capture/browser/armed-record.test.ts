import { beforeEach, expect, test, vi } from 'vitest';
import { forgetArmed, keepArmed, readArmed } from './armed-record.ts';

/** The disk of a browser, as pages see it. */
function localDisk(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}
beforeEach(() => {
  vi.stubGlobal('localStorage', localDisk());
  return () => vi.unstubAllGlobals();
});

const openEvent = { eventId: 'e', facts: '{}', parts: 3, mediaType: 'video/webm' };

test('what was kept is read, until it is forgotten', () => {
  expect(readArmed()).toBeNull();
  keepArmed({ cameraId: 'c', beatAtMillis: 5, openEvent });
  expect(readArmed()).toEqual({ cameraId: 'c', beatAtMillis: 5, openEvent });
  keepArmed({ cameraId: 'c', beatAtMillis: 9, dueAtMillis: 9, openEvent: null });
  expect(readArmed()).toEqual({ cameraId: 'c', beatAtMillis: 9, dueAtMillis: 9, openEvent: null });
  forgetArmed();
  expect(readArmed()).toBeNull();
});

test('a record that is damaged is none, an event that cannot be ended is left out', () => {
  localStorage.setItem('vigie-armed', '{"cameraId":');
  expect(readArmed()).toBeNull();
  localStorage.setItem('vigie-armed', '{"cameraId":"c"}');
  expect(readArmed()).toBeNull();
  const { parts: _, ...damaged } = openEvent;
  localStorage.setItem('vigie-armed', JSON.stringify({ cameraId: 'c', beatAtMillis: 5, openEvent: damaged }));
  expect(readArmed()).toEqual({ cameraId: 'c', beatAtMillis: 5, openEvent: null });
});
