/** A page enters; it does what the 2013 system's pages did: a PNG data URL of the webcam each 10 ms, and an image made of each. */

/** Camera: every 10 ms the picture as a PNG data URL. Self-contained: it is sent to the browser as text. */
export async function publishAsIn2013(): Promise<void> {
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/camera`);
  const video = document.createElement('video');
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
  video.muted = true;
  await video.play();
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext('2d');
  setInterval(() => {
    context?.drawImage(video, 0, 0);
    if (socket.readyState === socket.OPEN) socket.send(canvas.toDataURL('image/png'));
  }, 10);
}

/** Viewer: each data URL becomes an image, each image is drawn. Self-contained: it is sent to the browser as text. */
export function watchAsIn2013(): void {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 480;
  document.body.append(canvas);
  const context = canvas.getContext('2d');
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/watch`);
  socket.onmessage = ({ data }) => {
    const image = new Image();
    image.onload = () => context?.drawImage(image, 0, 0);
    image.src = data;
  };
}
