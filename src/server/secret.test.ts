import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigError } from './config.ts';
import { readSecret } from './secret.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-secret-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is made once, whole, for its owner only', () => {
  const made = readSecret(undefined, folder);
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  expect(readSecret(undefined, folder)).toBe(made);
  expect(readdirSync(folder)).toEqual(['secret']);
  expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
});

it('is the configured one where there is one', () => {
  expect(readSecret('configured', folder)).toBe('configured');
  expect(readdirSync(folder)).toEqual([]);
});

it.each(['', '\n', 'short'])('stops the start where its file was cut off: %j', (content) => {
  writeFileSync(join(folder, 'secret'), content);
  expect(() => readSecret(undefined, folder)).toThrow(ConfigError);
});
