/** A frame's pixel format and layout enter; its planes, and a row-major luma, leave. */
import type { Plane } from './mask.ts';

/** Offset and stride of one plane in bytes, as WebCodecs' PlaneLayout. */
export interface Layout {
  readonly offset: number;
  readonly stride: number;
}

/** Formats whose first plane is luma, so that nothing has to be converted. */
const LUMA_FIRST = new Set(['I420', 'I420A', 'I422', 'I444', 'NV12']);
/** Those of them whose planes a mask can be burnt into as they are. */
const MASKABLE = new Set(['I420', 'NV12']);

/** Whether the frame's own bytes are read (`copyTo` without a format), or RGBA asked for. */
export function isReadAsIs(format: string | null, masked: boolean): boolean {
  return format !== null && (masked ? MASKABLE : LUMA_FIRST).has(format);
}

/**
 * What a mask must blacken in a picture of this format.
 *
 * @throws TypeError for a format other than I420, NV12, RGBA.
 */
export function planesOf(format: string, layout: readonly Layout[]): Plane[] {
  const at = (index: number): Layout => {
    const plane = layout[index];
    if (!plane) throw new TypeError(`${format} has no plane ${index}`);
    return { offset: plane.offset, stride: plane.stride };
  };
  const luma = (): Plane => ({ ...at(0), sampleBytes: 1, subsampling: 1, black: [0] });
  const chroma = (index: number): Plane => ({ ...at(index), sampleBytes: 1, subsampling: 2, black: [128] });
  if (format === 'I420') return [luma(), chroma(1), chroma(2)];
  if (format === 'NV12') return [luma(), { ...at(1), sampleBytes: 2, subsampling: 2, black: [128, 128] }];
  if (format === 'RGBA') return [{ ...at(0), sampleBytes: 4, subsampling: 1, black: [0, 0, 0, 255] }];
  throw new TypeError(`no mask can be burnt into ${format}`);
}

/**
 * Luma of an RGBA picture (ITU-R BT.601 weights, full range), row-major without padding.
 *
 * @param stride bytes from one row of `rgba` to the next
 * @param into `width × height` bytes, overwritten
 */
export function lumaOfRgba(
  rgba: Uint8Array | Uint8ClampedArray,
  stride: number,
  width: number,
  height: number,
  into: Uint8Array,
): void {
  let out = 0;
  for (let y = 0; y < height; y++) {
    let at = y * stride;
    for (let x = 0; x < width; x++, at += 4) {
      into[out++] = (77 * (rgba[at] ?? 0) + 150 * (rgba[at + 1] ?? 0) + 29 * (rgba[at + 2] ?? 0) + 128) >> 8;
    }
  }
}
