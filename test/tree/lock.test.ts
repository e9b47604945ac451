// Reads package.json and the lock, and holds them against what a fresh clone on any supported machine needs.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const project = path.join(import.meta.dirname, '../..');
const names = z.record(z.string(), z.string()).default({});
const entry = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  optionalDependencies: names,
});
const lock = z
  .object({ packages: z.record(z.string(), entry) })
  .parse(JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8')));
const manifest = z
  .object({
    dependencies: names,
    devDependencies: names,
    optionalDependencies: names,
    scripts: names,
    allowScripts: z.record(z.string(), z.boolean()),
  })
  .parse(JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8')));
const packages = Object.entries(lock.packages).filter(([place]) => place !== '');

// By itself: npm runs no `pre…` script for who has set `ignore-scripts`.
test('every script prepares the tree, and leaves no shell between npm and what it runs', () => {
  const other = Object.entries(manifest.scripts).filter(
    ([, line]) => !/^node scripts\/setup\.js (start|run|check|test)( && hash -r && exec [^&|;]+)?$/.test(line),
  );
  expect(other).toEqual([]);
  expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)/.test(name))).toEqual([]);
});

test('every package named is pinned exactly', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
});

test('every package of the lock comes from the public registry, with its integrity', () => {
  const odd = packages.filter(
    ([, { resolved, integrity }]) =>
      !resolved?.startsWith('https://registry.npmjs.org/') || !integrity?.startsWith('sha512-'),
  );
  expect(odd.map(([place]) => place)).toEqual([]);
});

// npm leaves a binary that was not to be had out of the lock, and `npm ci` then fails on the machine that needs it.
test('the lock has every optional package that a package of it names', () => {
  const missing = packages.flatMap(([place, { optionalDependencies }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isInLock(place, name))
      .map((name) => `${place} → ${name}`),
  );
  expect(missing).toEqual([]);
});

test.each(['linux-x64', 'linux-arm64', 'win-x64'])('Node 24 comes with the packages on %s', (platform) => {
  expect(lock.packages[`node_modules/node-${platform}`]?.version).toMatch(/^24\./);
});

test('no package runs a script when it is installed', () => {
  const running = packages
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([place]) => place.replace(/^.*node_modules\//, ''))
    .filter((name) => manifest.allowScripts[name] !== false);
  expect(running).toEqual([]);
});

function isInLock(place: string, name: string): boolean {
  const folders = place.split('/node_modules/');
  return folders.some((_, depth) => {
    const above = folders.slice(0, folders.length - depth).join('/node_modules/');
    return `${above}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages;
  });
}
