/** Variations of what comes before the camera without being anybody: rain, snow, insects, wind, overlays. */
import { between } from './random.ts';
import { freeSeconds, isQuiet, type Painter, type Scene, type Variation } from './variation.ts';

const TURN = 2 * Math.PI;

/** All of them. */
export const weatherVariations: readonly Variation[] = [
  { name: 'rain', begin: (scene) => overlay(scene, rain(scene)) },
  { name: 'snow, small', begin: (scene) => overlay(scene, snow(scene, { count: 90, least: 1, most: 2.5, speed: 90 })) },
  { name: 'snow, large', begin: (scene) => overlay(scene, snow(scene, { count: 9, least: 3, most: 6.5, speed: 45 })) },
  {
    name: 'snow, both',
    begin(scene) {
      const small = snow(scene, { count: 80, least: 1, most: 2.5, speed: 90 });
      const large = snow(scene, { count: 7, least: 3, most: 6, speed: 50 });
      return overlay(scene, (canvas, seconds) => {
        small(canvas, seconds);
        large(canvas, seconds);
      });
    },
  },
  { name: 'insects flying', begin: (scene) => overlay(scene, insects(scene)) },
  { name: 'insects, flashes', begin: (scene) => overlay(scene, flashes(scene)) },
  { name: 'insect near, 0.3 s', begin: (scene) => overlay(scene, crawler(scene)) },
  { name: 'shake 1 px', suits: isQuiet, begin: (scene) => shaking(scene, 1) },
  { name: 'shake 2 px', suits: isQuiet, begin: (scene) => shaking(scene, 2) },
  { name: 'shake 3 px', suits: isQuiet, begin: (scene) => shaking(scene, 3) },
  { name: 'foliage', begin: (scene) => swaying(scene, 2) },
  { name: 'clock and LED', begin: (scene) => overlay(scene, clock(scene)) },
];

/** A picture to draw on. */
interface Canvas {
  pixels: Uint8ClampedArray;
  width: number;
  height: number;
}
type Draw = (canvas: Canvas, seconds: number) => void;

function overlay({ clip }: Scene, draw: Draw): Painter {
  return {
    clip,
    paint(source, target, seconds) {
      target.set(source);
      draw({ pixels: target, width: clip.width, height: clip.height }, seconds);
    },
  };
}

/** A soft-edged ellipse of a grey. */
function blob(
  { pixels, width, height }: Canvas,
  x0: number,
  y0: number,
  wide: number,
  high: number,
  grey: number,
  opacity: number,
  edge: number,
): void {
  const least = Math.max(0, Math.floor(y0 - high - edge));
  const most = Math.min(height - 1, Math.ceil(y0 + high + edge));
  for (let y = least; y <= most; y++) {
    const left = Math.max(0, Math.floor(x0 - wide - edge));
    const right = Math.min(width - 1, Math.ceil(x0 + wide + edge));
    for (let x = left; x <= right; x++) {
      const radius = Math.hypot((x - x0) / wide, (y - y0) / high);
      const inside = (1 - radius) * Math.min(wide, high) + edge / 2;
      const alpha = opacity * Math.max(0, Math.min(1, inside / edge));
      const i = y * width + x;
      pixels[i] += alpha * (grey - pixels[i]);
    }
  }
}

function rain({ clip, random }: Scene): Draw {
  const count = Math.round(between(random, 50, 120));
  const slant = between(random, -0.25, 0.25);
  const unit = clip.height / 240;
  return (canvas) => {
    for (let n = 0; n < count; n++) {
      const [x0, y0] = [random() * canvas.width, random() * canvas.height];
      const [length, light] = [between(random, 8, 22) * unit, between(random, 15, 60)];
      for (let k = 0; k < length; k++) {
        const [x, y] = [Math.round(x0 + slant * k), Math.round(y0 + k)];
        if (x >= 0 && x < canvas.width && y < canvas.height) canvas.pixels[y * canvas.width + x] += light;
      }
    }
  };
}

function snow(
  { clip, random }: Scene,
  { count, least, most, speed }: { count: number; least: number; most: number; speed: number },
): Draw {
  const unit = clip.height / 240;
  const flakes = Array.from({ length: count }, () => ({
    x: random() * clip.width,
    y: random() * clip.height * 1.3,
    radius: between(random, least, most) * unit,
    fall: between(random, 0.6, 1.4) * speed * unit,
    drift: between(random, -0.4, 0.4) * speed * unit,
    wobble: between(random, 0.2, 0.8),
    phase: random(),
  }));
  return (canvas, seconds) => {
    const high = canvas.height * 1.3;
    for (const flake of flakes) {
      const away = flake.drift * seconds + 8 * unit * Math.sin(TURN * (flake.wobble * seconds + flake.phase));
      const x = (((flake.x + away) % canvas.width) + canvas.width) % canvas.width;
      const y = ((((flake.y + flake.fall * seconds) % high) + high) % high) - canvas.height * 0.15;
      blob(canvas, x, y, flake.radius, flake.radius, 235, 0.75, Math.max(1, flake.radius / 2));
    }
  };
}

function insects(scene: Scene): Draw {
  const { clip, random } = scene;
  const unit = clip.height / 240;
  const flights = freeSeconds(scene, 5, 1, 1).map((at) => ({
    at,
    x: random() < 0.5 ? -20 * unit : clip.width + 20 * unit,
    y: between(random, 0.1, 0.9) * clip.height,
    speed: between(random, 250, 700) * unit,
    rise: between(random, -120, 120) * unit,
    size: between(random, 5, 12) * unit,
    grey: random() < 0.6 ? 235 : 20,
    beat: between(random, 2, 6),
  }));
  return (canvas, seconds) => {
    for (const { at, x, y, speed, rise, size, grey, beat } of flights) {
      const t = seconds - at;
      if (t < 0 || t > 1.5) continue;
      const x0 = x + (x < 0 ? speed : -speed) * t;
      const y0 = y + rise * t + 20 * unit * Math.sin(TURN * beat * t);
      blob(canvas, x0, y0, size * 1.5, size, grey, 0.8, 4 * unit);
    }
  };
}

function flashes(scene: Scene): Draw {
  const { clip, random } = scene;
  const unit = clip.height / 240;
  const frames = freeSeconds(scene, 10, 0.3, 0.6).map((at) => ({
    at,
    lasting: (random() < 0.5 ? 1 : 2) / clip.fps,
    x: between(random, 0.1, 0.9) * clip.width,
    y: between(random, 0.1, 0.9) * clip.height,
    size: between(random, 6, 25) * unit,
  }));
  return (canvas, seconds) => {
    for (const { at, lasting, x, y, size } of frames) {
      if (seconds < at || seconds >= at + lasting - 1e-6) continue;
      blob(canvas, x + (seconds - at) * 300 * unit, y, size * 1.4, size, 235, 0.8, 4 * unit);
    }
  };
}

/** A blurred thing before the lens, for 0.3 s. */
function crawler(scene: Scene): Draw {
  const { clip, random } = scene;
  const unit = clip.height / 240;
  const visits = freeSeconds(scene, 5, 0.5, 2).map((at) => ({
    at,
    x: between(random, 0.15, 0.85) * clip.width,
    y: between(random, 0.15, 0.85) * clip.height,
    speed: between(random, -90, 90) * unit,
    size: between(random, 12, 30) * unit,
    grey: random() < 0.5 ? 215 : 25,
  }));
  return (canvas, seconds) => {
    for (const { at, x, y, speed, size, grey } of visits) {
      const t = seconds - at;
      if (t >= 0 && t <= 0.3) blob(canvas, x + speed * t, y + speed * t, size * 1.3, size, grey, 0.7, size * 0.8);
    }
  };
}

function shaking(scene: Scene, amplitude: number): Painter {
  const { clip, random } = scene;
  const unit = clip.width / 320;
  const bursts = freeSeconds(scene, 4, 3, 2);
  const { width, height } = clip;
  return {
    clip,
    paint(source, target, seconds) {
      const shakes = bursts.some((at) => seconds >= at && seconds < at + 3);
      const dx = shakes ? between(random, -amplitude, amplitude) * unit : 0;
      const dy = shakes ? between(random, -amplitude, amplitude) * unit : 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) target[y * width + x] = sample(source, width, height, x + dx, y + dy);
      }
    },
  };
}

/** Between pixels, linearly. */
function sample(source: ArrayLike<number>, width: number, height: number, x: number, y: number): number {
  const left = Math.max(0, Math.min(width - 2, Math.floor(x)));
  const top = Math.max(0, Math.min(height - 2, Math.floor(y)));
  const [a, b] = [Math.max(0, Math.min(1, x - left)), Math.max(0, Math.min(1, y - top))];
  const i = top * width + left;
  const upper = source[i] + a * (source[i + 1] - source[i]);
  const lower = source[i + width] + a * (source[i + width + 1] - source[i + width]);
  return upper + b * (lower - upper);
}

/** The third of the picture with the most texture moves to and fro in gusts. */
function swaying({ clip, random, still }: Scene, amplitude: number): Painter {
  const { width, height } = clip;
  const unit = width / 320;
  const wide = Math.round(width * between(random, 0.35, 0.6));
  const high = Math.round(height * between(random, 0.4, 0.6));
  const [left, top] = busiest(still, width, height, wide, high);
  const [rate, gust] = [between(random, 0.3, 1.1), between(random, 0.05, 0.15)];
  return {
    clip,
    paint(source, target, seconds) {
      target.set(source);
      const wind = amplitude * unit * (0.6 + 0.4 * Math.sin(TURN * gust * seconds));
      for (let y = top; y < top + high; y++) {
        for (let x = left; x < left + wide; x++) {
          const edge = Math.min(x - left, y - top, left + wide - x, top + high - y) / (12 * unit);
          const weight = wind * Math.min(1, edge);
          const dx = weight * Math.sin(TURN * (rate * seconds + x / (90 * unit) + y / (40 * unit)));
          const dy = 0.5 * weight * Math.sin(TURN * (1.3 * rate * seconds + x / (50 * unit)));
          target[y * width + x] = sample(source, width, height, x + dx, y + dy);
        }
      }
    },
  };
}

function busiest(still: Float32Array, width: number, height: number, wide: number, high: number): [number, number] {
  let best: [number, number] = [0, 0];
  let most = -1;
  for (let top = 0; top + high < height; top += 20) {
    for (let left = 0; left + wide < width; left += 20) {
      let sum = 0;
      for (let y = top; y < top + high; y += 3) {
        for (let x = left; x < left + wide; x += 3) sum += Math.abs(still[y * width + x + 1] - still[y * width + x]);
      }
      if (sum > most) {
        most = sum;
        best = [left, top];
      }
    }
  }
  return best;
}

/** Digits of seven strokes, and a light that blinks. */
function clock({ clip, random }: Scene): Draw {
  const unit = Math.max(1, Math.round(clip.height / 120));
  const strokes = [0x77, 0x24, 0x5d, 0x6d, 0x2e, 0x6b, 0x7b, 0x25, 0x7f, 0x6f];
  const [x0, y0] = [random() < 0.5 ? 4 : clip.width - 50 * unit, random() < 0.5 ? 4 : clip.height - 12 * unit];
  const led = { x: between(random, 0.2, 0.8) * clip.width, y: between(random, 0.2, 0.8) * clip.height };
  const period = between(random, 0.4, 2);
  return (canvas, seconds) => {
    const text = String(100000 + Math.floor(seconds + 60));
    for (let n = 0; n < text.length; n++) digit(canvas, strokes[Number(text[n])], x0 + 7 * unit * n, y0, unit);
    if ((seconds / period) % 1 < 0.5) blob(canvas, led.x, led.y, 1.5 * unit, 1.5 * unit, 250, 1, 1);
  };
}

function digit(canvas: Canvas, bits: number, x: number, y: number, unit: number): void {
  const bar = (left: number, top: number, wide: number, high: number) => {
    for (let j = 0; j < high * unit; j++) {
      const row = Math.round(y + top * unit + j);
      for (let i = 0; i < wide * unit; i++) canvas.pixels[row * canvas.width + Math.round(x + left * unit + i)] = 240;
    }
  };
  if ((bits & 1) !== 0) bar(0, 0, 5, 1);
  if ((bits & 2) !== 0) bar(0, 0, 1, 5);
  if ((bits & 4) !== 0) bar(4, 0, 1, 5);
  if ((bits & 8) !== 0) bar(0, 4, 5, 1);
  if ((bits & 16) !== 0) bar(0, 4, 1, 5);
  if ((bits & 32) !== 0) bar(4, 4, 1, 5);
  if ((bits & 64) !== 0) bar(0, 8, 5, 1);
}

/** For others that let it snow or rain on their own pictures. */
export function weatherOver(kind: 'rain' | 'snow', scene: Scene): (pixels: Uint8ClampedArray, seconds: number) => void {
  const draw = kind === 'rain' ? rain(scene) : snow(scene, { count: 90, least: 1, most: 2.5, speed: 90 });
  return (pixels, seconds) => draw({ pixels, width: scene.clip.width, height: scene.clip.height }, seconds);
}
