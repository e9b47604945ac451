// The installed packages enter; THIRD-PARTY-NOTICES.md leaves (with --check: nothing, and status 1 when it is out of date).
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectShipped, isCovered } from './notices/collect.js';
import { writeNotices } from './notices/write.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const file = path.join(root, 'THIRD-PARTY-NOTICES.md');
const met = JSON.parse(readFileSync(path.join(root, 'scripts/notices/licences.json'), 'utf8'));

const shipped = collectShipped(root);
const uncovered = shipped.filter(({ licence }) => !isCovered(licence, met));
for (const { name, version, licence } of uncovered) {
  console.error(`${name}@${version}: "${licence}" is not in scripts/notices/licences.json with how its terms are met`);
}
const text = writeNotices(shipped, met);
if (process.argv.includes('--check')) {
  const current = readFileSync(file, 'utf8') === text;
  if (!current) console.error('THIRD-PARTY-NOTICES.md is out of date: npm run notices');
  process.exitCode = current && uncovered.length === 0 ? 0 : 1;
} else {
  writeFileSync(file, text);
  process.exitCode = uncovered.length === 0 ? 0 : 1;
}
