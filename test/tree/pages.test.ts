// Reads the built pages as a browser does before anything else, and holds them against the strict policy and their budget.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

const web = path.join(import.meta.dirname, '../../dist/web');
const budgetBytes = 80_000;
const pages = readdirSync(web).filter((file) => file.endsWith('.html'));
const read = (file: string) => readFileSync(path.join(web, file), 'utf8');

test('every page of the product is built', () => {
  const sources = readdirSync(path.join(import.meta.dirname, '../../src/pages')).filter((file) =>
    file.endsWith('.html'),
  );
  expect(pages.sort()).toEqual(sources.sort());
});

describe.each(pages)('%s', (page) => {
  const html = read(page);

  test('holds no script and no style of its own, and asks nobody else for any', () => {
    const scripts = html.match(/<script\b[^>]*>[^<]*/g) ?? [];
    expect(scripts.filter((tag) => !/ src="\/[^/]/.test(tag) || !tag.endsWith('>'))).toEqual([]);
    expect(html).not.toMatch(/<style\b|\sstyle=|\son[a-z]+=|javascript:|data:/);
    const addresses = [...html.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.filter((address) => !address?.startsWith('/') || address.startsWith('//'))).toEqual([]);
  });

  test(`loads at most ${budgetBytes / 1000} kB of JavaScript, gzipped, before it asks for more`, () => {
    const entries = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => String(file));
    const bytes = [...loadedWith(entries)].map((file) => gzipSync(readFileSync(path.join(web, file))).length);
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(budgetBytes);
  });
});

// The scripts and what they import statically; import(…) and workers come later.
function loadedWith(entries: string[]): Set<string> {
  const loaded = new Set<string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    const imports = read(file).matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g);
    for (const [, name] of imports) waiting.push(path.posix.join(path.posix.dirname(file), String(name)));
  }
  return loaded;
}
