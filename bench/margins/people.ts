/** Variations in which somebody comes: people cut out of clips, pasted into others in other sizes, contrasts and speeds. */
import type { Clip } from '../../test/quality/corpus.ts';
import { noiseAdder } from './camera.ts';
import { between } from './random.ts';
import { freeSeconds, isQuiet, type Painter, type Scene, type Variation } from './variation.ts';
import { weatherOver } from './weather.ts';

/** Somebody in one frame: grey ÷ the mean of the scene, and how opaque. */
interface Sprite {
  width: number;
  height: number;
  light: Float32Array;
  opacity: Float32Array;
}

/** Somebody who walks, at so many sprites a second. */
interface Walk {
  name: string;
  fps: number;
  height: number;
  sprites: Sprite[];
}

/** From which clip, and when in it, somebody is cut out. */
export const walkSources: readonly { id: string; from: number; to: number }[] = [
  { id: 'p_fast_runner', from: 7.15, to: 7.7 },
  { id: 'p_slow_creep', from: 18, to: 26 },
  { id: 'r_room_two', from: 6.6, to: 8.6 },
  { id: 'r_room_two', from: 23.6, to: 26.4 },
  { id: 'r_lawn_walkers', from: 55, to: 59 },
];
/** Grey levels off the background that make a person. */
const OFF = 14;

/** An intrusion begins when this much of somebody has come in, for a picture 320 pixels wide. */
const VISIBLE_PIXELS = 4;

/** What one kind of intrusion is like. */
interface Manner {
  name: string;
  /** Of the picture's height. */
  tall: readonly [number, number];
  /** Of one's own heights a second: a walker's is 0.8, a sprinter's 5. */
  speed: readonly [number, number];
  opacity?: number;
  /** Night: the scene times this, and noise. */
  night?: { light: number; noise: number };
  weather?: 'rain' | 'snow';
  /** Seconds that somebody stands before going on. */
  stands?: number;
}

const MANNERS: readonly Manner[] = [
  { name: 'person', tall: [0.2, 0.45], speed: [0.5, 1.2] },
  { name: 'person close by', tall: [0.6, 0.95], speed: [0.4, 1] },
  { name: 'person far away', tall: [0.06, 0.1], speed: [0.5, 1.2] },
  { name: 'person very far away', tall: [0.035, 0.06], speed: [0.5, 1.2] },
  { name: 'creeping', tall: [0.15, 0.3], speed: [0.05, 0.12] },
  { name: 'running', tall: [0.2, 0.45], speed: [3, 4.5] },
  { name: 'running far away', tall: [0.08, 0.13], speed: [2.5, 4] },
  { name: 'low contrast', tall: [0.3, 0.6], speed: [0.5, 1], opacity: 0.28 },
  { name: 'dark night', tall: [0.2, 0.45], speed: [0.5, 1], night: { light: 0.12, noise: 5 } },
  { name: 'noisy dusk', tall: [0.2, 0.45], speed: [0.5, 1], night: { light: 0.35, noise: 7 } },
  { name: 'person in rain', tall: [0.2, 0.45], speed: [0.5, 1.2], weather: 'rain' },
  { name: 'person in snow', tall: [0.2, 0.45], speed: [0.5, 1.2], weather: 'snow' },
  { name: 'stands, then goes', tall: [0.3, 0.6], speed: [0.5, 0.9], stands: 8 },
];

/** All of them; `walks` are people cut out before, asked for when the first is pasted. */
export function peopleVariations(walks: () => readonly Walk[]): Variation[] {
  return MANNERS.map((manner) => ({
    name: manner.name,
    people: true,
    suits: isQuiet,
    begin: (scene) => pasted(scene, manner, walks()),
  }));
}

/** Cuts somebody out of the frames of a clip. */
export function cutOut(clip: Clip, luma: Uint8Array, still: Float32Array, from: number, to: number): Walk {
  const size = clip.width * clip.height;
  const scene = mean(still);
  const sprites: Sprite[] = [];
  for (let frame = Math.ceil(from * clip.fps); frame < to * clip.fps; frame++) {
    const sprite = cutFrame(luma.subarray(frame * size, (frame + 1) * size), still, clip.width, clip.height, scene);
    if (sprite !== null) sprites.push(sprite);
  }
  const heights = sprites.map(({ height }) => height).sort((a, b) => a - b);
  return { name: clip.id, fps: clip.fps, height: heights[heights.length >> 1], sprites };
}

function cutFrame(frame: Uint8Array, still: Float32Array, width: number, height: number, scene: number): Sprite | null {
  const off = new Float32Array(frame.length);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      let sum = 0;
      for (let k = -1; k <= 1; k++) {
        const i = (y + k) * width + x;
        sum +=
          Math.abs(frame[i - 1] - still[i - 1]) + Math.abs(frame[i] - still[i]) + Math.abs(frame[i + 1] - still[i + 1]);
      }
      off[y * width + x] = sum / 9;
    }
  }
  const found = largestPart(off, width);
  if (found === null) return null;
  const { left, top, right, bottom, inside } = found;
  const sprite: Sprite = {
    width: right - left + 1,
    height: bottom - top + 1,
    light: new Float32Array((right - left + 1) * (bottom - top + 1)),
    opacity: new Float32Array((right - left + 1) * (bottom - top + 1)),
  };
  for (let y = top, at = 0; y <= bottom; y++) {
    for (let x = left; x <= right; x++, at++) {
      sprite.light[at] = frame[y * width + x] / scene;
      let near = 0;
      for (const step of [0, -1, 1, -width, width]) near += inside[y * width + x + step];
      sprite.opacity[at] = near / 5;
    }
  }
  return sprite;
}

/** The largest connected part that differs; null where it is small or touches the border. */
function largestPart(off: Float32Array, width: number) {
  const inside = new Uint8Array(off.length);
  const seen = new Uint8Array(off.length);
  let best: number[] = [];
  for (let first = 0; first < off.length; first++) {
    if (seen[first] !== 0 || off[first] < OFF) continue;
    const part = [first];
    seen[first] = 1;
    for (let at = 0; at < part.length; at++) {
      for (const step of [-1, 1, -width, width]) {
        const next = part[at] + step;
        if (next < 0 || next >= off.length || seen[next] !== 0 || off[next] < OFF) continue;
        seen[next] = 1;
        part.push(next);
      }
    }
    if (part.length > best.length) best = part;
  }
  if (best.length < 150) return null;
  let [left, right, top, bottom] = [width, 0, off.length, 0];
  for (const i of best) {
    inside[i] = 1;
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const touches = left < 3 || right > width - 4 || top < 3 || bottom > off.length / width - 4;
  return touches ? null : { left, top, right, bottom, inside };
}

/** Somebody who comes in at one side and goes out at the other, or where the time is over. */
interface Visit {
  walk: Walk;
  at: number;
  seconds: number;
  tall: number;
  feet: number;
  fromLeft: boolean;
  speed: number;
  stands: number;
}

function pasted(scene: Scene, manner: Manner, walks: readonly Walk[]): Painter {
  const { clip, random, still } = scene;
  const { width, height } = clip;
  const sceneMean = mean(still);
  const stands = manner.stands ?? 0;
  const lasting = stands > 0 ? stands + 8 : 7;
  const visits = freeSeconds(scene, 2, lasting, 2).map((at): Visit => {
    const tall = between(random, ...manner.tall) * height;
    const speed = between(random, ...manner.speed) * tall;
    const walk = walks[Math.floor(random() * walks.length)];
    const crossing = (width + tall) / speed + stands;
    const feet = Math.min(height * 0.98, Math.max(tall * 1.02, between(random, 0.35, 1) * height));
    return { walk, at, seconds: Math.min(lasting, crossing), tall, feet, fromLeft: random() < 0.5, speed, stands };
  });
  const add = manner.night === undefined ? null : noiseAdder(random, width, manner.night.noise);
  const weather = manner.weather === undefined ? null : weatherOver(manner.weather, scene);
  const light = manner.night?.light ?? 1;
  const opacity = manner.opacity ?? 1;
  return {
    clip: { ...clip, events: visits.flatMap((visit) => truth(visit, clip)), ignore: visits.flatMap(standing) },
    paint(source, target, seconds) {
      target.set(source);
      for (const visit of visits) paste(visit, seconds);
      if (light !== 1) for (let i = 0; i < target.length; i++) target[i] *= light;
      add?.(target);
      weather?.(target, seconds);

      function paste(visit: Visit, now: number): void {
        const t = now - visit.at;
        if (t < 0 || t > visit.seconds) return;
        const { walk, feet } = visit;
        const sprite = walk.sprites[turn(Math.floor(walkedSeconds(visit, t) * walk.fps), walk.sprites.length)];
        const scale = visit.tall / walk.height;
        const wide = sprite.width * scale;
        const x0 = placeOf(visit, t, wide, width);
        const y0 = feet - sprite.height * scale;
        for (let y = Math.max(0, Math.ceil(y0)); y < Math.min(height, feet); y++) {
          for (let x = Math.max(0, Math.ceil(x0)); x < Math.min(width, x0 + wide); x++) {
            const [alpha, grey] = texel(sprite, (x - x0) / scale, (y - y0) / scale, scale);
            if (alpha <= 0) continue;
            const i = y * width + x;
            const lit = grey * sceneMean * Math.min(2, source[i] / Math.max(4, still[i]));
            target[i] += alpha * opacity * (lit - source[i]);
          }
        }
      }
    },
  };
}

/** Forth and back through the sprites. */
function turn(index: number, count: number): number {
  const at = index % (2 * count - 2);
  return at < count ? at : 2 * count - 2 - at;
}

/** Seconds of walking, the standing left out; somebody stands in the middle of the picture. */
function walkedSeconds({ seconds, stands }: Visit, t: number): number {
  if (stands === 0) return t;
  const until = (seconds - stands) / 2;
  return Math.min(t, until) + Math.max(0, t - until - stands);
}

function placeOf(visit: Visit, t: number, wide: number, width: number): number {
  const way = visit.speed * walkedSeconds(visit, t);
  return visit.fromLeft ? way - wide : width - way;
}

function truth({ at, seconds, stands, speed }: Visit, clip: Clip): { t0: number; t1: number; what: string }[] {
  const entered = at + (VISIBLE_PIXELS * clip.width) / 320 / speed;
  const first = Math.ceil(entered * clip.fps) / clip.fps;
  if (stands === 0) return [{ t0: first, t1: at + seconds, what: 'enters' }];
  const until = at + (seconds - stands) / 2;
  return [
    { t0: first, t1: until, what: 'enters' },
    { t0: until + stands, t1: at + seconds, what: 'leaves' },
  ];
}

/** While somebody stands, neither alarm nor silence is wrong. */
function standing({ at, seconds, stands }: Visit): [number, number][] {
  const until = at + (seconds - stands) / 2;
  return stands === 0 ? [] : [[until, until + stands]];
}

/** Opacity and light of a sprite at a place, averaged where the sprite becomes smaller. */
function texel(sprite: Sprite, x: number, y: number, scale: number): [number, number] {
  const half = Math.max(0.5, 0.5 / scale);
  const [left, right] = [Math.max(0, Math.floor(x - half)), Math.min(sprite.width - 1, Math.floor(x + half))];
  const [top, bottom] = [Math.max(0, Math.floor(y - half)), Math.min(sprite.height - 1, Math.floor(y + half))];
  let [alpha, light, count] = [0, 0, 0];
  for (let row = top; row <= bottom; row++) {
    for (let i = row * sprite.width + left; i <= row * sprite.width + right; i++) {
      alpha += sprite.opacity[i];
      light += sprite.opacity[i] * sprite.light[i];
      count++;
    }
  }
  return alpha > 0 ? [alpha / count, light / alpha] : [0, 0];
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export type { Walk };
