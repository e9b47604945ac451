// node_modules enters; a `node` of version 24 or later at the head of every script's PATH leaves.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { libcFamily } from './libc.js';

const needed = 24;
const windows = process.platform === 'win32';
const nodeLink = windows ? 'node.cmd' : 'node';
/** The scripts say `hash -r && exec node …`, and cmd.exe knows neither of the first two. */
const shellWords = windows ? { 'hash.cmd': '@exit /b 0\r\n', 'exec.cmd': '@%*\r\n' } : {};

/** Whether a Node for this machine comes with the packages. None does for macOS, nor for musl (Alpine). */
const comes = (on = system(), libc = libcFamily()) =>
  ['linux-x64', 'linux-arm64', 'win-x64'].includes(on) && libc !== 'musl';
const isModern = (version = process.versions.node) => Number.parseInt(version, 10) >= needed;

/**
 * Asks before anything is fetched.
 * @param {{ on?: string, libc?: string, version?: string }} machine this one where left out
 * @throws {Error} when no Node will be there that is new enough, with what to do
 */
export function expectNode({ on, libc, version } = {}) {
  if (!comes(on, libc) && !isModern(version)) throw lacking('none comes with the packages');
}

/**
 * The Node that the scripts will run: the one that came with the packages, else the system's if it is new enough.
 * @param {string} root the project's folder
 * @returns {string} absolute path of the executable
 * @throws {Error} when there is none, with what to do
 */
export function modernNode(root) {
  if (existsSync(proof(root))) return packagedNode(root);
  if (isModern()) return process.execPath;
  throw lacking('the one that comes with the packages does not run');
}

function lacking(why) {
  return new Error(
    `Node ${needed} or later is needed on ${system()}, where ${why}; this is ${process.version}. ` +
      'Install it from https://nodejs.org',
  );
}

/**
 * npm puts node_modules/.bin first on the scripts' PATH, and npm 11 links the packaged Node there; npm 10 does not.
 * @param {string} root the project's folder
 */
export function linkNode(root) {
  const packaged = packagedNode(root);
  const bin = path.join(root, 'node_modules', '.bin');
  const link = path.join(bin, nodeLink);
  mkdirSync(bin, { recursive: true });
  for (const [file, text] of Object.entries(shellWords)) writeFileSync(path.join(bin, file), text);
  rmSync(link, { force: true });
  if (!comes() || !runs(packaged)) {
    modernNode(root);
    return;
  }
  const target = path.relative(bin, packaged);
  if (windows) writeFileSync(link, `@"%~dp0${target}" %*\r\n`);
  else symlinkSync(target, link);
  writeFileSync(proof(root), '');
}

/**
 * Whether the scripts' PATH already leads to a Node that is new enough.
 * @param {string} root the project's folder
 * @returns {boolean}
 */
linkNode.done = (root) => {
  const bin = path.join(root, 'node_modules', '.bin');
  const isThere = (file) => existsSync(path.join(bin, file));
  if (!Object.keys(shellWords).every(isThere)) return false;
  return existsSync(proof(root)) ? isThere(nodeLink) : !comes() && isModern() && !isThere(nodeLink);
};

// Says that the packaged Node was tried here and runs; it goes with the packages.
function proof(root) {
  return path.join(root, 'node_modules', '.node-runs');
}

function system() {
  return `${windows ? 'win' : process.platform}-${process.arch}`;
}

function packagedNode(root) {
  return path.join(root, 'node_modules', `node-${system()}`, 'bin', windows ? 'node.exe' : 'node');
}

function runs(executable) {
  return spawnSync(executable, ['--version'], { stdio: 'ignore' }).status === 0;
}
