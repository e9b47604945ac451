// The tree's lock and what npm wrote about node_modules enter; whether they differ leaves, and on demand a fresh `npm ci`.
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { libcFamily } from './libc.js';
import { run } from './run.js';

// Over what the person's own npm is set to. No package needs a script; two bring one, which npm 10 would run: it fetches
// a Java. Node 20 is told by some packages that it is too old for them, and is not what runs them.
const asTheLockSays = [
  '--ignore-scripts',
  '--include=optional',
  '--include=peer',
  '--legacy-peer-deps=false',
  '--engine-strict=false',
  '--install-strategy=hoisted',
];

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
 * Installs exactly what the lock says. What was there waits aside meanwhile, since npm empties the folder before it
 * fetches anything: where that fails, a Vigie that ran still does.
 * @param {string} root folder of package-lock.json
 * @param {boolean} dev whether to install development packages as well
 * @param {(pid: number) => void} holds is told npm's process
 * @throws {Error} when npm fails; npm has then said why on standard error
 */
export async function installPackages(root, dev, holds) {
  console.error(`setup: installing packages${dev ? '' : ' (those that running needs)'}`);
  const args = ['ci', ...asTheLockSays, '--no-audit', '--no-fund', '--loglevel=error'];
  args.push(dev ? '--include=dev' : '--omit=dev');
  settlePackages(root);
  const node = setAside(root);
  try {
    const npm = process.env.npm_execpath; // another program's where that runs the script: yarn, pnpm
    if (npm && /npm-cli\.[cm]?js$/.test(npm)) await run(node, [npm, ...args], { cwd: root, holds });
    else await run('npm', args, { cwd: root, holds, shell: process.platform === 'win32' });
  } catch (error) {
    putBack(root);
    throw error;
  }
  settlePackages(root);
}

/**
 * Ends what an installation that was killed has left: the packages from before come back, unless the new ones are whole.
 * @param {string} root the project's folder
 */
export function settlePackages(root) {
  if (readPackages(path.join(root, 'node_modules', '.package-lock.json'))) rmSync(aside(root), forever);
  else putBack(root);
}

/**
 * Whether an installation has left nothing of that kind.
 * @param {string} root the project's folder
 * @returns {boolean}
 */
settlePackages.done = (root) => !existsSync(aside(root));

const forever = { recursive: true, force: true, maxRetries: 3 };

function aside(root) {
  return path.join(root, '.cache', 'node_modules-before');
}

// The Node that leaves is this one, where it is now: it may have come with the packages.
function setAside(root) {
  const folder = path.join(root, 'node_modules');
  try {
    if (!lstatSync(folder).isDirectory()) return process.execPath;
    mkdirSync(path.dirname(aside(root)), { recursive: true });
    renameSync(folder, aside(root));
  } catch {
    return process.execPath; // there is none, or it cannot be moved: a mount, or Windows while something in it runs
  }
  return process.execPath.startsWith(folder + path.sep)
    ? path.join(aside(root), path.relative(folder, process.execPath))
    : process.execPath;
}

function putBack(root) {
  if (settlePackages.done(root)) return;
  rmSync(path.join(root, 'node_modules'), forever);
  renameSync(aside(root), path.join(root, 'node_modules'));
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
