import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const documents = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })];
const files = new Set(
  globSync(['src/**/*.{ts,tsx,js}', 'scripts/**/*.js', 'test/**/*.ts', 'docs/**/*.md'], { cwd: root }),
);
const names = new Set([...files].map((file) => basename(file)));

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  it('leads nowhere that is not there', () => {
    const links = [...text.matchAll(/(?:\]\(|src=")([^)\s":#]+)(?:#[^)\s"]*)?[)"]/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });
});

it('ARCHITECTURE.md names files that exist', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const named = [...text.matchAll(/`([\w/-][\w./-]*\.(?:ts|tsx|js|md))`/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(60);
  expect(
    named.filter((name) => !(name.includes('/') ? files.has(name) || files.has(`src/${name}`) : names.has(name))),
  ).toEqual([]);
});
