import { expect, it } from 'vitest';
import { createDetector } from '../../src/motion/shared/detector.ts';
import { readCorpus } from './corpus.ts';
import { decodeLuma } from './decode.ts';
import { runClip } from './run-clip.ts';

it('the kernels and plain TypeScript say and see the same in every frame of a clip', async () => {
  const clip = readCorpus(import.meta.dirname).find(({ id }) => id === 'p_enter_during_ae');
  if (clip === undefined) throw new Error('test/quality/clips/p_enter_during_ae.mp4 is missing');
  const luma = await decodeLuma(clip);
  const [withKernels, plain] = [false, true].map((plain) => {
    const detector = createDetector({ plain });
    const frames: string[] = [];
    runClip(clip, luma, detector, (_index, state) => {
      const { frame, reference, difference } = detector.picture();
      const sums = [frame, reference, difference].map((picture) =>
        picture.reduce((sum, value) => (sum * 31 + value) % 1_000_003, 7),
      );
      frames.push(JSON.stringify([state, detector.describe(), sums]));
    });
    return frames;
  });
  expect(withKernels).toEqual(plain);
  expect(withKernels.some((line) => line.includes('"motion":true'))).toBe(true);
});
