/** A stream or a film enters; a bitmap of its present picture leaves whenever the worker's clock asks for one. */

export interface PictureDrawer {
  /** The next picture; null: there is none yet. */
  draw(): Promise<{ readonly bitmap: ImageBitmap; readonly timestampMicros: number } | null>;
  close(): void;
}

/** @param stream is played unseen, without sound */
export function createPictureDrawer(stream: MediaStream): PictureDrawer {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  void video.play().catch(() => undefined);
  return {
    async draw() {
      if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
      const timestampMicros = Math.round(performance.now() * 1000);
      return { bitmap: await createImageBitmap(video), timestampMicros };
    },
    close() {
      video.srcObject = null;
    },
  };
}
