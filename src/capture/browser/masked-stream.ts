/** A camera's stream and masks enter; the same pictures with the masks burnt in leave, for a recorder in the window. */
import type { Mask } from '../shared/mask.ts';

export interface MaskedStream {
  readonly stream: MediaStream;
  close(): void;
}

const FRAMES_PER_SECOND = 15;
/** Black beyond the mask's edge, pixels: what a scaler would mix in from beside it. */
const MARGIN = 4;

/** @throws where the browser has no 2D canvas */
export function createMaskedStream(source: MediaStream, masks: readonly Mask[]): MaskedStream {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = source;
  void video.play().catch(() => undefined);
  const { width = 640, height = 480 } = source.getVideoTracks()[0]?.getSettings() ?? {};
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2D canvas');

  const draw = () => {
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    context.drawImage(video, 0, 0, width, height);
    context.fillStyle = context.strokeStyle = '#000';
    context.lineWidth = MARGIN;
    context.lineJoin = 'round';
    for (const mask of masks) {
      context.beginPath();
      for (const { x, y } of mask) context.lineTo(x * width, y * height);
      context.closePath();
      context.fill('evenodd');
      context.stroke();
    }
  };
  const timer = setInterval(draw, 1000 / FRAMES_PER_SECOND);
  return {
    stream: canvas.captureStream(FRAMES_PER_SECOND),
    close() {
      clearInterval(timer);
      video.srcObject = null;
    },
  };
}
