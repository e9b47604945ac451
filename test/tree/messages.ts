// The folder messages/ enters; every message leaves with its feature, locale, key and the sentences that it can become.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** One message in one locale. */
export interface Message {
  feature: string;
  locale: 'en' | 'fr';
  key: string;
  /** All its variants (one, unless it depends on a number or the like). */
  sentences: string[];
}

export const project = path.join(import.meta.dirname, '../..');

const variant = z.object({ match: z.record(z.string(), z.string()) });
const messageFile = z.record(z.string(), z.union([z.string(), z.array(variant)]));

/** The features that have messages. */
export function featuresWithMessages(): string[] {
  const files = readdirSync(path.join(project, 'messages'), { recursive: true, encoding: 'utf8' });
  return [...new Set(files.filter((file) => file.endsWith('.json')).map((file) => path.dirname(file)))].sort();
}

/** Reads every message file; throws where one is missing or has another form than the compiler knows. */
export function readMessages(): Message[] {
  return featuresWithMessages().flatMap((feature) =>
    (['en', 'fr'] as const).flatMap((locale) => {
      const text = readFileSync(path.join(project, 'messages', feature, `${locale}.json`), 'utf8');
      const { $schema: _schema, ...entries } = messageFile.parse(JSON.parse(text));
      return Object.entries(entries).map(([key, value]) => ({ feature, locale, key, sentences: sentencesOf(value) }));
    }),
  );
}

function sentencesOf(value: string | z.infer<typeof variant>[]): string[] {
  return typeof value === 'string' ? [value] : value.flatMap(({ match }) => Object.values(match));
}
