/** Variations of the light in the room or outside, without anybody coming. */
import { noiseAdder } from './camera.ts';
import { between } from './random.ts';
import { freeSeconds, type Painter, type Scene, type Variation } from './variation.ts';

const TURN = 2 * Math.PI;

/** All of them. */
export const lightVariations: readonly Variation[] = [
  { name: 'mains flicker', begin: flickering },
  { name: 'exposure drifts', begin: drifting },
  { name: 'gain pumps', begin: pumping },
  { name: 'light switched', begin: switched },
  { name: 'uneven lamp switched', begin: lamp },
  { name: 'headlights', begin: headlights },
  { name: 'clouds', begin: clouds },
  { name: 'infra-red switched', begin: infrared },
];

/** Light multiplies: by `gain(seconds, row)`. */
function gained({ clip }: Scene, gain: (seconds: number, row: number) => number): Painter {
  return {
    clip,
    paint(source, target, seconds) {
      for (let y = 0; y < clip.height; y++) {
        const factor = gain(seconds, y);
        for (let i = y * clip.width; i < (y + 1) * clip.width; i++) target[i] = source[i] * factor;
      }
    },
  };
}

function flickering(scene: Scene): Painter {
  const depth = between(scene.random, 0.04, 0.1);
  const bands = between(scene.random, 1.5, 3.5);
  const beat = between(scene.random, 0.7, 4);
  return gained(
    scene,
    (seconds, row) => 1 + depth * Math.sin(TURN * ((bands * row) / scene.clip.height + beat * seconds)),
  );
}

function drifting(scene: Scene): Painter {
  const [period, phase] = [between(scene.random, 9, 20), scene.random()];
  return gained(scene, (seconds) => Math.exp(0.22 * Math.sin(TURN * (seconds / period + phase))));
}

function pumping(scene: Scene): Painter {
  const rate = between(scene.random, 0.3, 1);
  const steps = freeSeconds(scene, 3, 3, 3);
  return gained(scene, (seconds) => {
    const step = steps.reduce((sum, at) => sum + (seconds >= at ? 0.35 * Math.exp((at - seconds) / 0.7) : 0), 0);
    return (1 + 0.07 * Math.sin(TURN * rate * seconds)) * (1 - step);
  });
}

function switched(scene: Scene): Painter {
  const times = freeSeconds(scene, 3, 2, 3);
  const factors = times.map(() =>
    scene.random() < 0.5 ? between(scene.random, 0.3, 0.6) : between(scene.random, 1.4, 2.2),
  );
  return gained(scene, (seconds) => {
    let gain = 1;
    for (let i = 0; i < times.length; i++) if (seconds >= times[i]) gain = gain === 1 ? factors[i] : 1;
    return gain;
  });
}

/** A lamp somewhere in the picture, bright beside it, dim far from it. */
function lamp(scene: Scene): Painter {
  const { clip, random } = scene;
  const times = freeSeconds(scene, 3, 2, 3);
  const [x0, y0] = [between(random, 0, clip.width), between(random, 0, clip.height * 0.6)];
  const size = between(random, 0.25, 0.6) * clip.width;
  const strength = between(random, 0.5, 1.8);
  const map = new Float32Array(clip.width * clip.height);
  for (let i = 0; i < map.length; i++) {
    const [dx, dy] = [(i % clip.width) - x0, Math.floor(i / clip.width) - y0];
    map[i] = 0.15 + strength / (1 + (dx * dx + dy * dy) / (size * size));
  }
  return {
    clip,
    paint(source, target, seconds) {
      const on = times.filter((at) => seconds >= at).length % 2;
      for (let i = 0; i < source.length; i++) target[i] = source[i] * (1 + on * map[i]);
    },
  };
}

function headlights(scene: Scene): Painter {
  const { clip, random } = scene;
  const sweeps = freeSeconds(scene, 4, 3, 2).map((at) => ({
    at,
    lasting: between(random, 1, 2.8),
    from: random() < 0.5 ? -0.3 : 1.3,
    y: between(random, 0.3, 0.8) * clip.height,
    wide: between(random, 0.08, 0.2) * clip.width,
    high: between(random, 0.08, 0.25) * clip.height,
    gain: between(random, 0.5, 2.5),
    haze: between(random, 0, 25),
  }));
  return {
    clip,
    paint(source, target, seconds) {
      target.set(source);
      for (const sweep of sweeps) {
        const part = (seconds - sweep.at) / sweep.lasting;
        if (part < 0 || part > 1) continue;
        const x0 = clip.width * (sweep.from + (1 - 2 * sweep.from) * part);
        for (let y = 0; y < clip.height; y++) {
          const dy = ((y - sweep.y) / sweep.high) ** 2;
          if (dy > 9) continue;
          for (let x = 0; x < clip.width; x++) {
            const dx = ((x - x0) / sweep.wide) ** 2;
            if (dx + dy > 9) continue;
            const soft = Math.exp(-(dx + dy) / 2);
            const i = y * clip.width + x;
            target[i] = target[i] * (1 + sweep.gain * soft) + sweep.haze * soft;
          }
        }
      }
    },
  };
}

function clouds(scene: Scene): Painter {
  const { clip, random } = scene;
  const waves = Array.from({ length: 5 }, () => ({
    x: between(random, -1, 1) / between(random, 60, 220),
    y: between(random, -1, 1) / between(random, 60, 220),
    phase: random(),
  }));
  const speed = between(random, 10, 40) * (clip.width / 320);
  const table = Float32Array.from({ length: 256 }, (_, i) => 1 - 0.45 / (1 + Math.exp(-((i - 128) / 25))));
  return {
    clip,
    paint(source, target, seconds) {
      for (let y = 0; y < clip.height; y += 2) {
        for (let x = 0; x < clip.width; x += 2) {
          let sum = 0;
          for (const wave of waves) {
            sum += Math.sin(TURN * (((x + speed * seconds) * wave.x + y * wave.y) * (320 / clip.width) + wave.phase));
          }
          const factor = table[Math.max(0, Math.min(255, Math.round(100 + 50 * sum)))];
          for (let i = y * clip.width + x, k = 0; k < 4; k++) {
            const at = i + (k & 1) + (k >> 1) * clip.width;
            target[at] = source[at] * factor;
          }
        }
      }
    },
  };
}

/** From daylight to infra-red and back: other levels of each grey, a bright middle, more noise. */
function infrared(scene: Scene): Painter {
  const { clip, random } = scene;
  const times = freeSeconds(scene, 2, 3, 4);
  const bend = between(random, 0.6, 1.7);
  const table = Uint8ClampedArray.from({ length: 256 }, (_, grey) => 20 + 200 * (grey / 255) ** bend);
  const add = noiseAdder(random, clip.width, 2);
  return {
    clip,
    paint(source, target, seconds) {
      const after = times.findLast((at) => seconds >= at);
      target.set(source);
      if (after === undefined) return;
      if (times.indexOf(after) % 2 === 0) {
        for (let y = 0; y < clip.height; y++) {
          for (let x = 0; x < clip.width; x++) {
            const far = (x / clip.width - 0.5) ** 2 + (y / clip.height - 0.5) ** 2;
            target[y * clip.width + x] = table[source[y * clip.width + x]] * (1.2 - far);
          }
        }
      }
      add(target);
    },
  };
}
