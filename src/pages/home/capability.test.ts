import { expect, it } from 'vitest';
import { capabilityOf } from './capability.ts';

const all = { isSecureContext: true, mediaDevices: true, videoEncoder: true, indexedDB: true, worker: true };

it.each([
  [{}, 'full'],
  [{ videoEncoder: false }, 'less'],
  [{ isSecureContext: false, mediaDevices: false, videoEncoder: false }, 'insecure'],
  [{ mediaDevices: false }, 'none'],
  [{ indexedDB: false }, 'none'],
  [{ worker: false, isSecureContext: false }, 'none'],
] as const)('%j: %s', (missing, capability) => expect(capabilityOf({ ...all, ...missing })).toBe(capability));
