import { expect, test } from 'vitest';
import { lackOf, offersOf, problemOf } from './problem.ts';

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
  const all = {
    isSecureContext: true,
    mediaDevices: true,
    moduleWorker: true,
    offscreenCanvas: true,
    indexedDb: true,
    locks: true,
  };
  expect(lackOf(all)).toBeNull();
  expect(lackOf({ ...all, isSecureContext: false, mediaDevices: false, locks: false })).toBe('insecure');
  for (const name of ['mediaDevices', 'moduleWorker', 'offscreenCanvas', 'indexedDb', 'locks'] as const)
    expect(lackOf({ ...all, [name]: false })).toBe('unsupported');
});

/** A window whose workers read of their options what this says. */
const windowWith = (Worker: (url: string, options: WorkerOptions) => void) =>
  ({
    isSecureContext: true,
    Worker: function make(url: string, options: WorkerOptions) {
      Worker(url, options);
      throw new SyntaxError();
    },
    OffscreenCanvas: {},
    indexedDB: {},
    navigator: { locks: {}, mediaDevices: { getUserMedia() {} } },
  }) as unknown as Window & typeof globalThis;

test('a browser that has workers but no module workers is no camera', () => {
  expect(lackOf(offersOf(windowWith((_, { type }) => expect(type).toBe('module'))))).toBeNull();
  expect(lackOf(offersOf(windowWith(() => undefined)))).toBe('unsupported');
});
