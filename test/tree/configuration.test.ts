import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KEYS, readConfig } from '../../src/server/config.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/operate/configuration.md'), 'utf8');
const rows = new Map(
  [...page.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$/gm)].map(([, key = '', standard = '', meaning = '']) => [
    key,
    { standard, meaning },
  ]),
);

describe('docs/operate/configuration.md', () => {
  it('describes every key, and no other', () => {
    expect([...rows.keys()].sort()).toEqual(Object.keys(KEYS).sort());
  });

  it.each(Object.entries(readConfig({}, '/nonexistent/.env')))('says the default of %s', (key, value) => {
    const { standard = '', meaning = '' } = rows.get(key) ?? {};
    expect(meaning.length).toBeGreaterThan(5);
    const told = /^`(.*)`$/.exec(standard)?.[1];
    if (key === 'DATA_DIR') expect(told).toBe('./data');
    else if (value === undefined) expect(told).toBeUndefined();
    else expect(told).toBe(String(value));
  });
});
