// Holds the committed licence notices against the packages that are installed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { collectShipped, isCovered } from '../../scripts/notices/collect.js';
import { writeNotices } from '../../scripts/notices/write.js';

const project = path.join(import.meta.dirname, '../..');
const met = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(path.join(project, 'scripts/notices/licences.json'), 'utf8')));
const shipped = collectShipped(project);

test('every licence of what ships is listed with how its terms are met', () => {
  const uncovered = shipped.filter(({ licence }) => !isCovered(licence, met));
  expect(uncovered.map(({ name, licence }) => `${name}: ${licence}`)).toEqual([]);
});

// Packages with a binary for each system bring some of the texts: those of the committed notices are this one's.
test.runIf(process.platform === 'linux' && process.arch === 'x64')('the notices are those of what ships', () => {
  expect(readFileSync(path.join(project, 'THIRD-PARTY-NOTICES.md'), 'utf8')).toBe(writeNotices(shipped, met));
});

test.each([
  ['MIT', true],
  ['(GPL-3.0 OR MIT)', true],
  ['MIT AND GPL-3.0', false],
  ['GPL-3.0', false],
  ['', false],
])('%j is covered: %s', (expression, covered) => {
  expect(isCovered(expression, { MIT: 'Its text is in the notices.' })).toBe(covered);
});
