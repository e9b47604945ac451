/** A frame as the camera gave it enters; the picture that everything else may see leaves: masked, with its luma. */
import { createRgbaLuma } from '../../motion/shared/rgba-luma.ts';
import { burnMask, type Mask, type MaskSpan, maskSpans } from '../shared/mask.ts';
import { isReadAsIs, planesOf } from '../shared/pixels.ts';

/** One masked picture. Whoever got it closes it, once. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Microseconds, of the track's own epoch. */
  readonly timestampMicros: number;
  /** Row-major luma, valid until the next picture is read. */
  readonly luma: Uint8Array;
  /** Bytes from one row of `luma` to the next. */
  readonly stride: number;
  /** Can be drawn. */
  readonly image: VideoFrame | OffscreenCanvas;
  /** Can be encoded; null where the browser has no VideoFrame. */
  readonly frame: VideoFrame | null;
  close(): void;
}

export interface PictureReader {
  /** Blackens these parts in every picture from now on. */
  setMasks(masks: readonly Mask[]): void;
  /** Takes the frame over and closes it. One at a time. @throws where the frame cannot be read */
  ofFrame(frame: VideoFrame): Promise<Picture>;
  /** Takes the bitmap over and closes it. @throws where there is no 2D canvas */
  ofBitmap(bitmap: ImageBitmap, timestampMicros: number): Picture;
}

/** Memory is reused from picture to picture. */
export function createPictureReader(): PictureReader {
  let masks: readonly Mask[] = [];
  let spans: { readonly width: number; readonly height: number; readonly spans: readonly MaskSpan[] } | null = null;
  let bytes = new Uint8Array(0);
  const lumaOf = createRgbaLuma();
  let canvas: OffscreenCanvas | null = null;

  const spansFor = (width: number, height: number): readonly MaskSpan[] => {
    if (spans?.width !== width || spans.height !== height)
      spans = { width, height, spans: maskSpans(masks, width, height) };
    return spans.spans;
  };

  async function read(frame: VideoFrame): Promise<Picture> {
    const masked = masks.length > 0;
    const asIs = isReadAsIs(frame.format, masked);
    const options: VideoFrameCopyToOptions = asIs ? {} : { format: 'RGBA', colorSpace: 'srgb' };
    const size = frame.allocationSize(options);
    if (bytes.byteLength < size) bytes = new Uint8Array(size);
    const layout = await frame.copyTo(bytes, options);
    const width = frame.visibleRect?.width ?? frame.codedWidth;
    const height = frame.visibleRect?.height ?? frame.codedHeight;
    const format = asIs && frame.format ? frame.format : 'RGBA';
    const shown = masked ? remade(frame, format, layout, width, height, size) : frame;
    const rest = {
      width,
      height,
      timestampMicros: frame.timestamp,
      image: shown,
      frame: shown,
      close: () => shown.close(),
    };
    const stride = layout[0]?.stride ?? width;
    if (asIs) return { ...rest, luma: bytes.subarray(layout[0]?.offset ?? 0), stride };
    return { ...rest, luma: lumaOf(bytes, width, height, stride), stride: width };
  }

  /** The same frame, made anew of masked bytes; the camera's own is closed. */
  function remade(
    frame: VideoFrame,
    format: VideoPixelFormat,
    layout: PlaneLayout[],
    width: number,
    height: number,
    size: number,
  ): VideoFrame {
    burnMask(bytes, planesOf(format, layout), spansFor(width, height));
    const { timestamp } = frame;
    const colorSpace = frame.colorSpace.toJSON();
    frame.close();
    return new VideoFrame(bytes.subarray(0, size), {
      format,
      codedWidth: width,
      codedHeight: height,
      timestamp,
      layout,
      ...(format !== 'RGBA' && { colorSpace }),
    });
  }

  return {
    setMasks(next) {
      masks = next;
      spans = null;
    },
    async ofFrame(frame) {
      try {
        return await read(frame);
      } catch (error) {
        frame.close();
        throw error;
      }
    },
    ofBitmap(bitmap, timestampMicros) {
      const { width, height } = bitmap;
      if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (!context) throw new Error('no 2D canvas in this worker');
      context.drawImage(bitmap, 0, 0);
      bitmap.close();
      const pixels = context.getImageData(0, 0, width, height);
      const rgba = new Uint8Array(pixels.data.buffer);
      if (masks.length > 0) {
        burnMask(rgba, planesOf('RGBA', [{ offset: 0, stride: width * 4 }]), spansFor(width, height));
        context.putImageData(pixels, 0, 0);
      }
      const frame = typeof VideoFrame === 'undefined' ? null : new VideoFrame(canvas, { timestamp: timestampMicros });
      return {
        width,
        height,
        timestampMicros,
        luma: lumaOf(rgba, width, height, width * 4),
        stride: width,
        image: canvas,
        frame,
        close: () => frame?.close(),
      };
    },
  };
}
