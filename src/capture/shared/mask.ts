/** Polygons and a picture's planes enter; the planes leave with everything inside the polygons black. */

/** A corner in fractions of the picture, 0..1 from its top left. */
export interface MaskPoint {
  readonly x: number;
  readonly y: number;
}

/** A polygon of at least three corners; what lies inside is never shown to anybody. */
export type Mask = readonly MaskPoint[];

/** Black from `start` (included) to `end` (excluded) on one row, in pixels. */
export interface MaskSpan {
  readonly row: number;
  readonly start: number;
  readonly end: number;
}

/** One plane of a picture in memory, as WebCodecs' PlaneLayout, with what one sample of it covers. */
export interface Plane {
  /** First byte of the plane. */
  readonly offset: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** Bytes of one sample: 1 for Y, U or V; 2 for interleaved UV; 4 for RGBA. */
  readonly sampleBytes: number;
  /** Picture pixels that one sample covers, each way: 1, or 2 for the chroma of 4:2:0. */
  readonly subsampling: 1 | 2;
  /** The bytes of a black sample. */
  readonly black: readonly number[];
}

/**
 * Rows of the picture that the masks cover, by the even-odd rule, grown by one pixel on every side:
 * a pixel that a mask's edge only touches is black as well.
 *
 * @param width picture width in pixels
 * @param height picture height in pixels
 */
export function maskSpans(masks: readonly Mask[], width: number, height: number): MaskSpan[] {
  const spans: MaskSpan[] = [];
  for (const mask of masks) {
    for (let row = 0; row < height; row++) {
      const covered = coverage(mask, row, width, height);
      for (const [from, to] of covered) {
        const start = Math.max(0, Math.floor(from) - 1);
        const end = Math.min(width, Math.ceil(to) + 1);
        if (end > start) spans.push({ row, start, end });
      }
    }
  }
  return spans;
}

/** Stretches of one row inside the mask, in pixels, over the row's whole height and one pixel about it. */
function coverage(mask: Mask, row: number, width: number, height: number): [number, number][] {
  const stretches: [number, number][] = [];
  for (const y of [row - 0.999, row, row + 0.5, row + 1, row + 1.999]) {
    const crossings = crossingsAt(mask, y / height).sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      stretches.push([(crossings[i] ?? 0) * width, (crossings[i + 1] ?? 0) * width]);
    }
  }
  // A corner that falls between two of the lines above, or an edge that lies flat.
  for (let i = 0; i < mask.length; i++) {
    const [a, b] = [mask[i], mask[(i + 1) % mask.length]];
    if (!a || !b) continue;
    const [low, high] = [
      Math.max(Math.min(a.y, b.y) * height, row - 1),
      Math.min(Math.max(a.y, b.y) * height, row + 2),
    ];
    if (low > high) continue;
    const xs = [xAt(a, b, low / height), xAt(a, b, high / height)].map((x) => x * width);
    if (a.y === b.y) xs.push(a.x * width, b.x * width);
    stretches.push([Math.min(...xs), Math.max(...xs)]);
  }
  return stretches;
}

function crossingsAt(mask: Mask, y: number): number[] {
  const crossings: number[] = [];
  for (let i = 0; i < mask.length; i++) {
    const [a, b] = [mask[i], mask[(i + 1) % mask.length]];
    if (!a || !b || a.y <= y === b.y <= y) continue;
    crossings.push(xAt(a, b, y));
  }
  return crossings;
}

function xAt(a: MaskPoint, b: MaskPoint, y: number): number {
  return a.y === b.y ? a.x : a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y);
}

/** Writes black over the spans, in every plane, in place. Chroma samples that a span touches lose their colour whole. */
export function burnMask(data: Uint8Array, planes: readonly Plane[], spans: readonly MaskSpan[]): void {
  for (const plane of planes) {
    for (const span of spans) {
      const row = Math.floor(span.row / plane.subsampling);
      const start = Math.floor(span.start / plane.subsampling);
      const end = Math.ceil(span.end / plane.subsampling);
      const from = plane.offset + row * plane.stride + start * plane.sampleBytes;
      const to = plane.offset + row * plane.stride + end * plane.sampleBytes;
      if (plane.sampleBytes === 1) data.fill(plane.black[0] ?? 0, from, to);
      else for (let at = from; at < to; at++) data[at] = plane.black[(at - from) % plane.sampleBytes] ?? 0;
    }
  }
}
