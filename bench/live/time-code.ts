/** Nothing enters; a webcam leaves whose every frame carries the time it was made, and a reader of that time on a viewer's canvas. */

/** What a reader saw: when the frame was made and when its pixels were readable on the viewer's canvas, ms since 1970. */
export interface Sample {
  readonly madeAt: number;
  readonly seenAt: number;
}

export interface TimeCodeCamera {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/**
 * Runs in the camera's page before its scripts: `getUserMedia` gives frames of a textured room with sensor noise and
 * somebody walking through, and in the top left corner 40 black or white squares of 16 pixels: 32 bits of
 * `Date.now()` and 8 bits that check them. Self-contained: it is sent to the browser as text.
 */
export function installTimeCodeCamera({ width, height, framesPerSecond }: TimeCodeCamera): void {
  const CELL = 16;
  const COLUMNS = 20;
  const luma = width * height;
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  const room = new Uint8Array(luma);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      room[y * width + x] = 90 + 50 * Math.sin(x / 37) * Math.cos(y / 53) + (((x >> 5) + (y >> 5)) % 2) * 12;
  const noisy = Array.from({ length: 8 }, () => {
    const picture = new Uint8Array((luma * 3) / 2).fill(128);
    for (let i = 0; i < luma; i++) picture[i] = (room[i] ?? 0) + Math.round((random() + random() - 1) * 6);
    return picture;
  });

  const paint = (frameNumber: number, now: number): Uint8Array<ArrayBuffer> => {
    const picture = new Uint8Array(noisy[frameNumber % noisy.length] ?? noisy[0] ?? []);
    const left = (frameNumber * 3) % (width - 80);
    for (let y = height / 3; y < height - 40; y++) picture.fill(40, y * width + left, y * width + left + 70);
    const value = now % 2 ** 32;
    const check = (value ^ (value >>> 8) ^ (value >>> 16) ^ (value >>> 24)) & 255;
    for (let bit = 0; bit < 40; bit++) {
      const on = bit < 32 ? (value >>> bit) & 1 : (check >>> (bit - 32)) & 1;
      const x = (bit % COLUMNS) * CELL;
      const y = Math.floor(bit / COLUMNS) * CELL;
      for (let row = 0; row < CELL; row++)
        picture.fill(on ? 235 : 16, (y + row) * width + x, (y + row) * width + x + CELL);
    }
    return picture;
  };

  // Chromium's; TypeScript's DOM library does not know it.
  const Generator = (
    globalThis as unknown as {
      MediaStreamTrackGenerator: new (init: {
        kind: 'video';
      }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
    }
  ).MediaStreamTrackGenerator;
  navigator.mediaDevices.getUserMedia = async () => {
    const track = new Generator({ kind: 'video' });
    const writer = track.writable.getWriter();
    let frameNumber = 0;
    const timer = setInterval(() => {
      if (track.readyState === 'ended') return clearInterval(timer);
      const timestamp = Math.round(performance.now() * 1000);
      const data = paint(frameNumber++, Date.now());
      const frame = new VideoFrame(data, { format: 'I420', codedWidth: width, codedHeight: height, timestamp });
      writer.write(frame).catch(() => clearInterval(timer));
    }, 1000 / framesPerSecond);
    return new MediaStream([track]);
  };
}

/**
 * Runs in a viewer's page before its scripts: after each picture drawn on a canvas its code is read back from the
 * canvas, so that "seen" means that the pixels are there. The samples stand in `window.timeCodes`, and what came over
 * WebSockets in `window.socketBytes`.
 */
export function installTimeCodeReader(): void {
  const NativeSocket = WebSocket;
  Object.assign(window, { socketBytes: 0 });
  window.WebSocket = class extends NativeSocket {
    constructor(...values: ConstructorParameters<typeof WebSocket>) {
      super(...values);
      this.addEventListener('message', ({ data }) => {
        const counted = window as unknown as { socketBytes: number };
        counted.socketBytes += typeof data === 'string' ? data.length : data.byteLength;
      });
    }
  };
  const CELL = 16;
  const COLUMNS = 20;
  const samples: { madeAt: number; seenAt: number }[] = [];
  Object.assign(window, { timeCodes: samples });
  const draw = CanvasRenderingContext2D.prototype.drawImage as (
    this: CanvasRenderingContext2D,
    ...values: unknown[]
  ) => void;
  const read = (context: CanvasRenderingContext2D): number | null => {
    const { data } = context.getImageData(0, 0, COLUMNS * CELL, 2 * CELL);
    const bits = Array.from({ length: 40 }, (_, bit) => {
      const x = (bit % COLUMNS) * CELL + CELL / 2;
      const y = Math.floor(bit / COLUMNS) * CELL + CELL / 2;
      return (data[(y * COLUMNS * CELL + x) * 4 + 1] ?? 0) > 127 ? 1 : 0;
    });
    const number = (from: number, to: number) =>
      bits.slice(from, to).reduce<number>((sum, bit, index) => sum + bit * 2 ** index, 0);
    const value = number(0, 32);
    const check = (value ^ (value >>> 8) ^ (value >>> 16) ^ (value >>> 24)) & 255;
    return check === number(32, 40) ? value : null;
  };
  CanvasRenderingContext2D.prototype.drawImage = function (this: CanvasRenderingContext2D, ...values: unknown[]): void {
    draw.apply(this, values);
    const value = read(this);
    const seenAt = Date.now();
    if (value !== null)
      samples.push({ madeAt: seenAt - (((((seenAt % 2 ** 32) - value) % 2 ** 32) + 2 ** 32) % 2 ** 32), seenAt });
  } as typeof CanvasRenderingContext2D.prototype.drawImage;
}
