import { expect, it } from 'vitest';
import { capabilityOf } from './capability.ts';

const all = {
  isSecureContext: true,
  mediaDevices: true,
  moduleWorker: true,
  offscreenCanvas: true,
  indexedDb: true,
  locks: true,
  videoEncoder: true,
};

it.each([
  [{}, 'full'],
  [{ videoEncoder: false }, 'less'],
  [{ isSecureContext: false, mediaDevices: false, locks: false, videoEncoder: false }, 'insecure'],
  [{ mediaDevices: false }, 'none'],
  [{ indexedDb: false }, 'none'],
  [{ offscreenCanvas: false }, 'none'],
  [{ locks: false }, 'none'],
  [{ moduleWorker: false, isSecureContext: false }, 'none'],
] as const)('%j: %s', (missing, capability) => expect(capabilityOf({ ...all, ...missing })).toBe(capability));
