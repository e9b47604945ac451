// The tree's lock and what npm wrote about node_modules enter; whether they differ leaves, and on demand a fresh `npm ci`.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './run.js';

/**
 * Compares version and integrity, package by package. npm writes `node_modules/.package-lock.json` last, so an
 * installation that was killed counts as different.
 * @param {string} root folder of package-lock.json
 * @param {boolean} dev whether development packages must be there as well
 * @returns {boolean}
 */
export function packagesDiffer(root, dev) {
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  if (!wanted) throw new Error('package-lock.json is missing or is not JSON');
  const present = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (!present) return true;
  return Object.entries(wanted).some(([place, entry]) => {
    if (place === '' || (entry.dev && !dev)) return false;
    const here = present[place];
    if (!here) return !entry.optional || (isPlatformBound(entry) && isForThisMachine(entry));
    return here.version !== entry.version || here.integrity !== entry.integrity;
  });
}

/**
 * Installs exactly what the lock says.
 * @param {string} root folder of package-lock.json
 * @param {boolean} dev whether to install development packages as well
 * @param {(pid: number) => void} holds is told npm's process
 * @throws {Error} when npm fails; npm has then said why on standard error
 */
export async function installPackages(root, dev, holds) {
  console.error(`setup: installing packages${dev ? '' : ' (those that running needs)'}`);
  const args = ['ci', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  args.push(dev ? '--include=dev' : '--omit=dev');
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('.js')) await run(process.execPath, [npm, ...args], { cwd: root, holds });
  else await run('npm', args, { cwd: root, holds, shell: process.platform === 'win32' });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

// The others among the optional packages are what a binary for another machine would need.
function isPlatformBound({ os, cpu }) {
  return Boolean(os ?? cpu);
}

function isForThisMachine({ os, cpu, libc }) {
  return allows(os, process.platform) && allows(cpu, process.arch) && (!libc || allows(libc, libcFamily()));
}

function allows(list, value) {
  if (!list || value === undefined) return true;
  const names = [list].flat();
  if (names.includes(`!${value}`)) return false;
  const wanted = names.filter((name) => !name.startsWith('!'));
  return wanted.length === 0 || wanted.includes(value);
}

let family;
function libcFamily() {
  if (process.platform !== 'linux') return undefined;
  process.report.excludeNetwork = true; // else Node looks up the names of every open connection
  family ??= process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
  return family;
}
