/** Enters a folder with corpus.json and clips; leaves typed clips with their truth. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** From second, to second. */
const interval = z.tuple([z.number(), z.number()]);

const clipSchema = z.strictObject({
  id: z.string(),
  /** Path from the corpus' folder. */
  file: z.string(),
  fps: z.number().positive(),
  width: z.int().positive(),
  height: z.int().positive(),
  /** Seconds. */
  duration: z.number().positive(),
  /** Seconds at the start that are not scored. */
  warmup: z.number().default(3),
  /** Intrusions: from the first visible pixel to the last, in seconds. */
  events: z.array(z.strictObject({ t0: z.number(), t1: z.number(), what: z.string().optional() })),
  /** Neither alarm nor silence counts here. */
  ignore: z.array(interval),
  group: z.string(),
  kind: z.string(),
  tags: z.array(z.string()),
  source: z.string(),
  licence: z.string(),
});

const corpusSchema = z.strictObject({
  version: z.literal(1),
  about: z.string(),
  clips: z.array(clipSchema),
});

/** One labelled clip, `path` being where its video lies. */
export type Clip = z.infer<typeof clipSchema> & { path: string };

/** The clips of a corpus whose video exists. Throws when corpus.json is missing or malformed. */
export function readCorpus(folder: string): Clip[] {
  const corpus = corpusSchema.parse(JSON.parse(readFileSync(join(folder, 'corpus.json'), 'utf8')));
  return corpus.clips
    .map((clip) => ({ ...clip, path: join(folder, clip.file) }))
    .filter((clip) => existsSync(clip.path));
}
