/** Enters a text; leaves a stream of numbers that is the same at every run. */

/** Numbers 0..1. */
export type Random = () => number;

/** By mulberry32, begun with a hash of the text. */
export function seededRandom(text: string): Random {
  let state = 2166136261;
  for (const letter of text) state = Math.imul(state ^ letter.charCodeAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number from `least` to `most`. */
export function between(random: Random, least: number, most: number): number {
  return least + (most - least) * random();
}

/** Gaussian noise of one sigma, long enough to be read from any place on for a row. */
export function gaussianNoise(random: Random, length: number): Float32Array {
  return Float32Array.from({ length }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return radius * Math.cos(2 * Math.PI * random());
  });
}
