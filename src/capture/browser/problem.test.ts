import { expect, test } from 'vitest';
import { lackOf, problemOf } from './problem.ts';

const named = (name: string) => new DOMException('', name);

test('each refusal of the browser has its reason', () => {
  expect(problemOf(named('NotAllowedError'), false)).toBe('refused');
  expect(problemOf(named('NotFoundError'), false)).toBe('absent');
  expect(problemOf(named('NotReadableError'), false)).toBe('in-use');
  expect(problemOf(named('UnknownError'), false)).toBe('failed');
  expect(problemOf('?', false)).toBe('failed');
});

test('with the camera gone that was there, it is a plug or a permission', () => {
  expect(problemOf(named('NotAllowedError'), true)).toBe('revoked');
  expect(problemOf(named('NotFoundError'), true)).toBe('unplugged');
  expect(problemOf(named('NotReadableError'), true)).toBe('in-use');
});

test('what is missing is said before anything is asked for', () => {
  const all = { isSecureContext: true, mediaDevices: {}, worker: {}, offscreenCanvas: {}, indexedDb: {} };
  expect(lackOf(all)).toBeNull();
  expect(lackOf({ ...all, isSecureContext: false, mediaDevices: undefined })).toBe('insecure');
  expect(lackOf({ ...all, offscreenCanvas: undefined })).toBe('unsupported');
});
