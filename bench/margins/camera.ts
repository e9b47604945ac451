/** Variations of the camera: its levels, noise, rate, size, view and encoder. */
import { between, gaussianNoise, type Random } from './random.ts';
import { isQuiet, type Painter, type Scene, type Variation } from './variation.ts';

const NOISE_LENGTH = 1 << 17;

/** All of them. */
export const cameraVariations: readonly Variation[] = [
  { name: 'as it is', begin: levels((grey) => grey) },
  { name: 'luma 16..235', begin: levels((grey) => 16 + (grey * 219) / 255) },
  { name: 'gamma 0.7', begin: levels((grey) => 255 * (grey / 255) ** 0.7) },
  { name: 'gamma 1.4', begin: levels((grey) => 255 * (grey / 255) ** 1.4) },
  { name: 'brightness 0.6', begin: levels((grey) => grey * 0.6) },
  { name: 'brightness 1.3', begin: levels((grey) => grey * 1.3) },
  { name: 'contrast 0.5', begin: levels((grey) => 64 + grey / 2) },
  { name: 'noise 2', begin: (scene) => noisy(scene, 2) },
  { name: 'noise 4', begin: (scene) => noisy(scene, 4) },
  { name: 'noise 6', begin: (scene) => noisy(scene, 6) },
  { name: 'half the frames', every: 2, begin: levels((grey) => grey) },
  { name: 'a third of the frames', every: 3, begin: levels((grey) => grey) },
  { name: 'scaled to 5/8', begin: (scene) => scaled(scene, scene.clip.width * 0.625, scene.clip.height * 0.625) },
  { name: 'scaled to 3/4', begin: (scene) => scaled(scene, scene.clip.width * 0.75, scene.clip.height * 0.75) },
  {
    name: '320x240 <> 640x360',
    begin: (scene) => (scene.clip.width === 320 ? scaled(scene, 640, 360) : scaled(scene, 320, 240)),
  },
  { name: 'mirrored', begin: mirrored },
  { name: 'a window of 80 %', suits: isQuiet, begin: cropped },
  { name: 'backwards', suits: isQuiet, backwards: true, begin: levels((grey) => grey) },
  { name: 'blurred', begin: blurred },
  { name: 'H.264 at low rate', recode: ['-c:v', 'libx264', '-crf', '36', '-g', '30'], begin: levels((grey) => grey) },
  { name: 'JPEG at low rate', recode: ['-c:v', 'mjpeg', '-q:v', '22'], begin: levels((grey) => grey) },
];

/** Adds noise of `sigma` grey levels to a frame in place. */
export function noiseAdder(random: Random, width: number, sigma: number): (frame: Uint8ClampedArray) => void {
  const noise = gaussianNoise(random, NOISE_LENGTH).map((value) => value * sigma);
  return (frame) => {
    for (let row = 0; row < frame.length; row += width) {
      const shift = Math.floor(random() * (NOISE_LENGTH - width)) - row;
      const end = Math.min(frame.length, row + width);
      for (let i = row; i < end; i++) frame[i] += noise[shift + i];
    }
  };
}

function levels(change: (grey: number) => number): (scene: Scene) => Painter {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, grey) => change(grey));
  return ({ clip }) => ({
    clip,
    paint(source, target) {
      for (let i = 0; i < source.length; i++) target[i] = table[source[i]];
    },
  });
}

function noisy({ clip, random }: Scene, sigma: number): Painter {
  const add = noiseAdder(random, clip.width, sigma);
  return {
    clip,
    paint(source, target) {
      target.set(source);
      add(target);
    },
  };
}

/** By area when it becomes smaller, linearly when it becomes larger. */
function scaled({ clip }: Scene, wide: number, high: number): Painter {
  const [width, height] = [Math.round(wide), Math.round(high)];
  const across = shares(clip.width, width);
  const down = shares(clip.height, height);
  const lines = new Float32Array(width * clip.height);
  return {
    clip: { ...clip, width, height },
    paint(source, target) {
      for (let y = 0; y < clip.height; y++) {
        for (let x = 0; x < width; x++) {
          const { from, weights } = across[x];
          let sum = 0;
          for (let k = 0; k < weights.length; k++) sum += weights[k] * source[y * clip.width + from + k];
          lines[y * width + x] = sum;
        }
      }
      for (let y = 0; y < height; y++) {
        const { from, weights } = down[y];
        for (let x = 0; x < width; x++) {
          let sum = 0;
          for (let k = 0; k < weights.length; k++) sum += weights[k] * lines[(from + k) * width + x];
          target[y * width + x] = sum;
        }
      }
    },
  };
}

/** For each new place, which old ones it is made of. */
function shares(before: number, after: number): { from: number; weights: number[] }[] {
  const step = before / after;
  const reach = Math.max(1, step);
  return Array.from({ length: after }, (_, at) => {
    const centre = (at + 0.5) * step - 0.5;
    const from = Math.max(0, Math.ceil(centre - reach));
    const to = Math.min(before - 1, Math.floor(centre + reach));
    const raw = Array.from({ length: to - from + 1 }, (_, k) => 1 - Math.abs(from + k - centre) / reach);
    const sum = raw.reduce((a, b) => a + b, 0);
    return { from, weights: sum > 0 ? raw.map((weight) => weight / sum) : [1] };
  });
}

function mirrored({ clip }: Scene): Painter {
  const { width } = clip;
  return {
    clip,
    paint(source, target) {
      for (let row = 0; row < source.length; row += width) {
        for (let x = 0; x < width; x++) target[row + x] = source[row + width - 1 - x];
      }
    },
  };
}

function cropped({ clip, random }: Scene): Painter {
  const [width, height] = [Math.round(clip.width * 0.8), Math.round(clip.height * 0.8)];
  const left = Math.floor(between(random, 0, clip.width - width));
  const top = Math.floor(between(random, 0, clip.height - height));
  return {
    clip: { ...clip, width, height },
    paint(source, target) {
      for (let y = 0; y < height; y++) {
        const at = (top + y) * clip.width + left;
        target.set(source.subarray(at, at + width), y * width);
      }
    },
  };
}

function blurred({ clip }: Scene): Painter {
  const { width } = clip;
  return {
    clip,
    paint(source, target) {
      target.set(source);
      for (let i = width + 1; i < source.length - width - 1; i++) {
        const sides = source[i - 1] + source[i + 1] + source[i - width] + source[i + width];
        const corners = source[i - width - 1] + source[i - width + 1] + source[i + width - 1] + source[i + width + 1];
        target[i] = (4 * source[i] + 2 * sides + corners) / 16;
      }
    },
  };
}
