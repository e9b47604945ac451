// Every message and every line of code enter; a message that nothing says is found.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { project, readMessages } from './messages.ts';

test('every message is said somewhere', () => {
  const said = new Set(sources().flatMap((text) => [...text.matchAll(/\bm\.(\w+)/g)].map(([, key]) => key)));
  const unsaid = readMessages().filter(({ locale, key }) => locale === 'en' && !said.has(key));
  expect(unsaid.map(({ key }) => key)).toEqual([]);
});

function sources(): string[] {
  const src = path.join(project, 'src');
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.test)\.tsx?$/.test(file) && !file.includes('generated'))
    .map((file) => readFileSync(path.join(src, file), 'utf8'));
}
