/** A corpus of labelled clips enters (`--corpus FOLDER`, else the repository's own); the detector's hits and false alarms leave. */
import { parseArgs } from 'node:util';
import { createDetector } from '../src/motion/shared/detector.ts';
import { readCorpus } from '../test/quality/corpus.ts';
import { decodeLuma } from '../test/quality/decode.ts';
import { runClip } from '../test/quality/run-clip.ts';
import { scoreClip } from '../test/quality/score.ts';
import { clipLines, totalLines } from '../test/quality/table.ts';

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: 'test/quality' },
    /** Only clips whose name matches. */
    clips: { type: 'string', default: '' },
    /** "FROM,TO" seconds: prints what was found in each frame of that time. */
    trace: { type: 'string', default: '-1,-1' },
  },
});
const wanted = new RegExp(values.clips);
const [from, to] = values.trace.split(',').map(Number);
const scores = [];
for (const clip of readCorpus(values.corpus).filter(({ id }) => wanted.test(id))) {
  console.error(clip.id);
  const detector = createDetector();
  const alarms = runClip(clip, await decodeLuma(clip), detector, (index, { motion, reason }) => {
    const seconds = index / clip.fps;
    if (seconds < from || seconds > to) return;
    const percent = (reason.areaRatio * 100).toFixed(2);
    console.error(
      `${seconds.toFixed(2)} ${motion ? 'ALARM ' : ''}${reason.code} ${percent} % gain ${reason.gain.toFixed(2)}`,
    );
    for (const region of detector.describe()) console.error(`      ${region}`);
  });
  scores.push(scoreClip(clip, alarms));
}
console.log(['```', ...clipLines(scores), '', ...totalLines('vigie', scores), '```'].join('\n'));
