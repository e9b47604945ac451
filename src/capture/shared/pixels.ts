/** A frame's pixel format and layout enter; where its planes lie leaves. */
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
