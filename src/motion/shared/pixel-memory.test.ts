import { afterEach, describe, expect, it, vi } from 'vitest';
import { ARRAY_ROOM, createPixelMemory } from './pixel-memory.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const { Module, Instance, Memory } = WebAssembly;
const api = { Module, Instance, Memory };

/** Stands for a constructor: `new` on it throws. */
function Refused(): never {
  throw new WebAssembly.CompileError('refused');
}

/** A copy of the module that has not compiled anything yet. */
async function freshModule() {
  vi.resetModules();
  return await import('./pixel-memory.ts');
}

describe.each([
  ['with kernels', false],
  ['plain', true],
])('pixel memory, %s', (_name, plain) => {
  it('makes arrays of zeros that lie apart, also after it has grown', () => {
    const memory = createPixelMemory(plain);
    expect(memory.kernels === null).toBe(plain);
    for (const length of [100, 300_000, 50]) {
      memory.reserve(3 * length * 4 + 3 * ARRAY_ROOM);
      const arrays = [1, 2, 3].map(() => memory.array(Int32Array, length));
      for (const array of arrays) expect(array.every((value) => value === 0)).toBe(true);
      for (const [i, array] of arrays.entries()) array.fill(i + 1);
      for (const [i, array] of arrays.entries()) expect(array.every((value) => value === i + 1)).toBe(true);
      for (const array of arrays) expect(array.byteOffset % 16).toBe(0);
    }
  });

  it('refuses an array that was not asked for', () => {
    const memory = createPixelMemory(plain);
    memory.reserve(100);
    expect(() => memory.array(Int32Array, 100_000)).toThrow(RangeError);
  });
});

describe('where the kernels cannot be had', () => {
  it.each([
    ['without WebAssembly', undefined],
    ['without SIMD, or refused by the Content-Security-Policy', { ...api, Module: Refused }],
    ['without memory', { ...api, Memory: Refused }],
  ])('%s, plain code works', async (_name, platform) => {
    vi.stubGlobal('WebAssembly', platform);
    const fresh = await freshModule();
    const memory = fresh.createPixelMemory();
    expect(memory.kernels).toBeNull();
    memory.reserve(1000);
    expect(memory.array(Uint8Array, 10)).toHaveLength(10);
    expect(fresh.createPixelMemory().kernels).toBeNull();
  });

  it('goes on in plain code when the memory cannot grow', async () => {
    class Small extends WebAssembly.Memory {
      override grow(): number {
        throw new RangeError('no more');
      }
    }
    vi.stubGlobal('WebAssembly', { ...api, Memory: Small });
    const memory = (await freshModule()).createPixelMemory();
    expect(memory.kernels).not.toBeNull();
    memory.reserve(1_000_000);
    expect(memory.kernels).toBeNull();
    expect(memory.array(Uint8Array, 900_000)).toHaveLength(900_000);
  });
});
