import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDetector, type MotionState } from './detector.ts';

const FPS = 15;

/** A scene of stripes with noise that a seed fixes; `paint` draws on top. */
function scene(width: number, height: number, seed: number): (frame: number) => Uint8Array {
  return (frame) => {
    let state = (seed * 7919 + frame * 104729 + 1) >>> 0;
    const plane = new Uint8Array(width * height);
    for (let i = 0; i < plane.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      plane[i] = 90 + 40 * ((i >> 4) & 1) + (state >>> 29);
    }
    return plane;
  };
}

function paint(
  plane: Uint8Array,
  width: number,
  left: number,
  top: number,
  w: number,
  h: number,
  grey: number,
): Uint8Array {
  const height = plane.length / width;
  for (let y = Math.max(0, top); y < Math.min(height, top + h); y++) {
    for (let x = Math.max(0, left); x < Math.min(width, left + w); x++) plane[y * width + x] = grey;
  }
  return plane;
}

/** The rectangle around all boxes. */
function bounds({ boxes }: MotionState): [number, number, number, number] {
  const x = Math.min(...boxes.map(([left]) => left));
  const y = Math.min(...boxes.map(([, top]) => top));
  const right = Math.max(...boxes.map(([left, , width]) => left + width));
  const bottom = Math.max(...boxes.map(([, top, , height]) => top + height));
  return [x, y, right - x, bottom - y];
}

/** Intersection over union. */
function overlap(a: number[], b: number[]): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (a[2] * a[3] + b[2] * b[3] - both);
}

function expectSound(state: MotionState): void {
  for (const value of [state.score, state.changedRatio]) {
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(1);
  }
  for (const value of [state.reason.areaRatio, state.reason.seconds, state.reason.gain, ...state.boxes.flat()]) {
    expect(Number.isFinite(value)).toBe(true);
  }
}

describe('detector', () => {
  it('alarms within 0.3 s on a dark figure that walks in, and says where it is', () => {
    const [width, height] = [320, 240];
    const quiet = scene(width, height, 1);
    const detector = createDetector();
    for (let i = 0; i < 60; i++) expect(detector.analyse(quiet(i), width, height, width, i / FPS).motion).toBe(false);
    const alarms: number[] = [];
    const overlaps: number[] = [];
    for (let i = 0; i < 30; i++) {
      const left = -30 + 6 * i;
      const plane = paint(quiet(60 + i), width, left, 80, 36, 100, 20);
      const state = detector.analyse(plane, width, height, width, (60 + i) / FPS);
      if (!state.motion) continue;
      alarms.push(i);
      expect(state.reason.code).toBe('object');
      overlaps.push(overlap(bounds(state), [Math.max(0, left), 80, 36 + Math.min(0, left), 100]));
    }
    expect(alarms[0]).toBeLessThanOrEqual(0.3 * FPS);
    expect(alarms.length).toBeGreaterThan(20);
    expect(overlaps.sort((a, b) => a - b)[overlaps.length >> 1]).toBeGreaterThan(0.6);
  });

  it('rejects light that grows by half, and says by how much', () => {
    const [width, height] = [320, 240];
    const quiet = scene(width, height, 2);
    const detector = createDetector();
    const codes = new Set<string>();
    for (let i = 0; i < 120; i++) {
      const plane = quiet(i);
      if (i >= 60) for (let p = 0; p < plane.length; p++) plane[p] = Math.min(255, plane[p] * 1.6);
      const state = detector.analyse(plane, width, height, width, i / FPS);
      expect(state.motion).toBe(false);
      codes.add(state.reason.code);
      if (i === 60) expect(state.reason.gain).toBeGreaterThan(1.4);
    }
    expect(codes.has('object')).toBe(false);
  });

  it('names the two ends of its sensitivity', () => {
    const [width, height] = [320, 240];
    const seen = (level: 'cat' | 'near') => {
      const quiet = scene(width, height, 3);
      const detector = createDetector({ sensitivity: level });
      let motion = false;
      for (let i = 0; i < 90; i++) {
        const plane = quiet(i);
        if (i >= 60) paint(plane, width, 4 * (i - 60), 120, 12, 12, 20);
        motion ||= detector.analyse(plane, width, height, width, i / FPS).motion;
      }
      return motion;
    };
    expect(seen('cat')).toBe(true);
    expect(seen('near')).toBe(false);
  });

  it('takes many drifting flakes for snow, and still sees who walks through them', () => {
    const [width, height] = [320, 240];
    const quiet = scene(width, height, 6);
    const detector = createDetector();
    const codes = new Set<string>();
    let hit = false;
    for (let i = 0; i < 240; i++) {
      const plane = quiet(i);
      for (let flake = 0; flake < 60; flake++) {
        const left = (flake * 97 + i * (1 + (flake % 2))) % width;
        const top = (flake * 61 + i * (4 + (flake % 5))) % height;
        paint(plane, width, left, top, 5, 5, 240);
      }
      if (i >= 200) paint(plane, width, 5 * (i - 200), 70, 40, 110, 15);
      const state = detector.analyse(plane, width, height, width, i / FPS);
      codes.add(state.reason.code);
      if (i >= 75 && i < 200) expect(state.motion, `frame ${i}`).toBe(false);
      if (i >= 200 && i < 215) hit ||= state.motion;
    }
    expect(codes).toContain('weather');
    expect(hit).toBe(true);
  });

  it('shows the three pictures', () => {
    const [width, height] = [320, 240];
    const quiet = scene(width, height, 4);
    const detector = createDetector();
    for (let i = 0; i < 40; i++) detector.analyse(quiet(i), width, height, width, i / FPS);
    detector.analyse(paint(quiet(40), width, 100, 100, 60, 60, 10), width, height, width, 40 / FPS);
    const picture = detector.picture();
    expect([picture.width, picture.height]).toEqual([detector.gridWidth, detector.gridHeight]);
    const inside = 65 * picture.width + 65;
    expect(picture.frame[inside]).toBe(10);
    expect(picture.reference[inside]).toBeGreaterThan(80);
    expect(picture.difference[inside]).toBe(255);
    expect(picture.difference[5 * picture.width + 5]).toBe(0);
  });

  it('is not moved by time stamps that stand still, jump or are no number', () => {
    const stamps = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -1, 0, 1e9));
    fc.assert(
      fc.property(fc.array(stamps, { minLength: 5, maxLength: 60 }), (times) => {
        const detector = createDetector();
        const quiet = scene(64, 48, 5);
        times.forEach((time, i) => {
          const state = detector.analyse(quiet(i), 64, 48, 64, time);
          expectSound(state);
          expect(state.motion).toBe(false);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('takes any frame size, also in the middle, and never alarms on a constant picture', () => {
    const size = fc.record({
      width: fc.oneof(fc.integer({ min: 16, max: 200 }), fc.constantFrom(640, 853, 1280, 1920)),
      height: fc.oneof(fc.integer({ min: 16, max: 200 }), fc.constantFrom(480, 1080)),
      padding: fc.integer({ min: 0, max: 9 }),
      grey: fc.constantFrom(0, 16, 128, 235, 255),
    });
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 4 }), (sizes) => {
        const detector = createDetector();
        let index = 0;
        for (const { width, height, padding, grey } of sizes) {
          const stride = width + padding;
          const plane = new Uint8Array(stride * height).fill(grey);
          for (let i = 0; i < 12; i++, index++) {
            const state = detector.analyse(plane, width, height, stride, index / 5);
            expectSound(state);
            expect(state.motion).toBe(false);
            expect(state.changedRatio).toBe(0);
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it('never alarms on noise and noise only, whatever its strength, the size and the times', () => {
    const noise = fc.record({
      width: fc.integer({ min: 16, max: 330 }),
      height: fc.integer({ min: 16, max: 250 }),
      seed: fc.nat(),
      middle: fc.constantFrom(0, 20, 128, 250),
      strength: fc.constantFrom(1, 6, 40, 256),
      jump: fc.constantFrom(0, 0.5, -3, 1e6),
    });
    fc.assert(
      fc.property(fc.array(noise, { minLength: 1, maxLength: 2 }), (kinds) => {
        const detector = createDetector();
        let seconds = 0;
        for (const { width, height, seed, middle, strength, jump } of kinds) {
          let state = (seed + 1) >>> 0;
          for (let i = 0; i < 75; i++, seconds += i === 40 ? jump : 1 / FPS) {
            const plane = new Uint8ClampedArray(width * height);
            for (let p = 0; p < plane.length; p++) {
              state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
              plane[p] = middle + strength * (state / 2 ** 32 - 0.5);
            }
            const answer = detector.analyse(new Uint8Array(plane.buffer), width, height, width, seconds);
            expectSound(answer);
            expect(answer.motion).toBe(false);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('names what is faster than anything that walks, and does not alarm on it', () => {
    const [width, height] = [320, 240];
    const quiet = scene(width, height, 7);
    const detector = createDetector();
    const codes = new Set<string>();
    for (let i = 0; i < 90; i++) {
      const plane = quiet(i);
      if (i >= 60) paint(plane, width, 34 * (i - 60), 100, 24, 14, 250);
      const state = detector.analyse(plane, width, height, width, i / FPS);
      expect(state.motion).toBe(false);
      codes.add(state.reason.code);
    }
    expect(codes).toContain('too-fast');
  });

  it('sees a figure of a third of opacity before texture within a second', () => {
    const [width, height] = [320, 240];
    const quiet = scene(width, height, 8);
    const detector = createDetector();
    const alarms: number[] = [];
    for (let i = 0; i < 75; i++) {
      const plane = quiet(i);
      for (let p = 0; p < plane.length; p++) if (((p >> 3) & 1) === 1) plane[p] -= 20;
      const left = 4 * (i - 50) - 40;
      for (let y = 60; y < 180; y++) {
        for (let x = Math.max(0, left); x < left + 40; x++) {
          const p = y * width + x;
          plane[p] += 0.35 * (20 - plane[p]);
        }
      }
      if (detector.analyse(plane, width, height, width, i / FPS).motion) alarms.push(i);
    }
    expect(alarms[0]).toBeGreaterThanOrEqual(50);
    expect(alarms[0]).toBeLessThanOrEqual(50 + FPS);
  });

  it('refuses a plane that is too short', () => {
    expect(() => createDetector().analyse(new Uint8Array(99), 10, 10, 10, 0)).toThrow(RangeError);
    expect(() => createDetector().analyse(new Uint8Array(100), 10, 10, 9, 0)).toThrow(RangeError);
    expect(() => createDetector({ thresholdPercent: 101 })).toThrow(RangeError);
  });
});
