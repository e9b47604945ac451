/** A video file enters; a stream of its pictures leaves, played again and again, as if it were a webcam. */

/** What browsers call it: the standard's name, and Firefox's. */
interface Capturable {
  captureStream?(): MediaStream;
  mozCaptureStream?(): MediaStream;
}

/** Plays a file unseen and without sound. @returns null: this browser cannot play or capture it */
export async function openFilm(file: File): Promise<MediaStream | null> {
  const video = document.createElement('video');
  video.muted = true;
  video.loop = true;
  video.playsInline = true;
  video.src = URL.createObjectURL(file);
  try {
    await video.play();
  } catch {
    URL.revokeObjectURL(video.src);
    return null;
  }
  const capturable = video as Capturable;
  return capturable.captureStream?.() ?? capturable.mozCaptureStream?.() ?? drawnStream(video);
}

/** Safari captures canvases, not films. */
function drawnStream(video: HTMLVideoElement): MediaStream | null {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext('2d');
  if (!context) return null;
  const draw = () => {
    context.drawImage(video, 0, 0);
    video.requestVideoFrameCallback(draw);
  };
  draw();
  return canvas.captureStream();
}
