/** A masked picture enters; a JPEG of it leaves. */
import type { Picture } from './picture.ts';

/** JPEG quality: at 640×480 about 60 kB, without visible blocks. */
const QUALITY = 0.85;

export interface Photographer {
  /** Draws at once, so that the picture may be closed when this returns; the JPEG follows. */
  take(picture: Picture, quality?: number): Promise<Uint8Array<ArrayBuffer>>;
}

export function createPhotographer(): Photographer {
  return {
    async take(picture, quality = QUALITY) {
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext('2d', { alpha: false });
      if (!context) throw new Error('no 2D canvas in this worker');
      context.drawImage(picture.image, 0, 0, picture.width, picture.height);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
      return new Uint8Array(await blob.arrayBuffer());
    },
  };
}
