/** A count of bytes enters; arrays in one memory leave, which plain TypeScript and the WASM kernels both work on. */
import { KERNELS_BASE64 } from './kernels-binary.ts';

/**
 * What src/motion/wasm exports. Numbers named after arrays are their byte offsets. Each does bit for bit what the
 * plain code beside its call does, up to 16 elements at once: it may read and write as far past the end of an array,
 * where `PixelMemory` leaves room.
 */
export interface PixelKernels {
  reduceByTwo(plane: number, stride: number, width: number, height: number, mean: number): void;
  reduceByFour(plane: number, stride: number, width: number, height: number, mean: number): void;
  reduceByFours(
    plane: number,
    stride: number,
    block: number,
    width: number,
    height: number,
    mean: number,
    line: number,
  ): void;
  lumaOfRgba(rgba: number, stride: number, width: number, height: number, luma: number): void;
  lookUp(luma: number, table: number, mean: number, cells: number, log: number, least: number, change: number): void;
  estimate(
    change: number,
    object: number,
    width: number,
    height: number,
    across: number,
    down: number,
    gain: number,
    median: number,
    robust: number,
    smooth: number,
    scratch: number,
    field: number,
  ): number;
  deviate(
    change: number,
    field: number,
    spread: number,
    least: number,
    cells: number,
    loudest: number,
    residual: number,
    deviation: number,
  ): void;
  countNoise(deviation: number, spread: number, least: number, cells: number, step: number, histogram: number): number;
  learn(
    residual: number,
    field: number,
    manner: number,
    rates: number,
    held: number,
    light: number,
    up: number,
    down: number,
    cells: number,
    mean: number,
    spread: number,
  ): void;
  findRuns(
    deviation: number,
    width: number,
    height: number,
    limit: number,
    sums: number,
    runRow: number,
    runStart: number,
    runEnd: number,
  ): number;
}

/** A typed array's constructor. */
interface ArrayType<T> {
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

/** One memory, filled from its start. */
export interface PixelMemory {
  /** Null where WebAssembly or its SIMD is missing or refused (Content-Security-Policy): plain code does the same. */
  readonly kernels: PixelKernels | null;
  /** Takes all arrays back and makes room for `bytes`, all 0, with `ARRAY_ROOM` for each array counted in. */
  reserve(bytes: number): void;
  /** An array of zeros. Throws a RangeError where `reserve` was asked for less. */
  array<T>(type: ArrayType<T>, length: number): T;
}

/** Bytes beside its elements that an array may take: to begin at a multiple of 16, and for the kernels to overrun. */
export const ARRAY_ROOM = 80;
const OVERRUN = 64;
const PAGE = 65_536;

/** As the platform has it; the library of types that runs everywhere does not name it. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (descriptor: { initial: number }) => WasmMemory;
  Instance: new (module: object, imports: { env: { memory: WasmMemory } }) => { readonly exports: unknown };
}
declare const atob: (text: string) => string;

/** Compiled once for all detectors; null where it was refused. */
let compiled: object | null | undefined;

/** Makes an empty memory; `plain` leaves the kernels out. */
export function createPixelMemory(plain = false): PixelMemory {
  const wasm = plain ? null : instantiate();
  let kernels = wasm?.kernels ?? null;
  let buffer = wasm?.memory.buffer ?? new ArrayBuffer(0);
  let used = 0;

  function makeRoom(bytes: number): void {
    if (bytes <= buffer.byteLength) {
      new Uint8Array(buffer).fill(0);
      return;
    }
    try {
      if (wasm === null || kernels === null) throw new RangeError('no kernels');
      wasm.memory.grow(Math.ceil((bytes - buffer.byteLength) / PAGE));
      buffer = wasm.memory.buffer;
      new Uint8Array(buffer).fill(0);
    } catch {
      kernels = null;
      buffer = new ArrayBuffer(bytes);
    }
  }

  return {
    get kernels() {
      return kernels;
    },
    reserve(bytes) {
      makeRoom(bytes);
      used = 0;
    },
    array(type, length) {
      const array = new type(buffer, used, length);
      used = (used + length * type.BYTES_PER_ELEMENT + OVERRUN + 15) & ~15;
      return array;
    },
  };
}

/** The kernels with a memory of their own, or null where they cannot be had. */
function instantiate(): { kernels: PixelKernels; memory: WasmMemory } | null {
  if (compiled === null) return null;
  try {
    const api = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
    compiled ??= new api.Module(bytesOf(KERNELS_BASE64));
    const memory = new api.Memory({ initial: 1 });
    const { exports } = new api.Instance(compiled, { env: { memory } });
    return { kernels: exports as PixelKernels, memory };
  } catch {
    compiled = null;
    return null;
  }
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
