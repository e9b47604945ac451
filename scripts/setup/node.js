// node_modules enters; a `node` of version 24 or later at the head of every script's PATH leaves.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const needed = 24;
const windows = process.platform === 'win32';

/**
 * The Node that the scripts will run: the one that came with the packages, else the system's if it is new enough.
 * @param {string} root the project's folder
 * @returns {string} absolute path of the executable
 * @throws {Error} when there is none, with what to do
 */
export function modernNode(root) {
  const packaged = packagedNode(root);
  if (packaged) return packaged;
  if (Number.parseInt(process.versions.node, 10) >= needed) return process.execPath;
  throw new Error(
    `Node ${needed} or later is needed on ${process.platform}-${process.arch}, where none comes with the packages; ` +
      `this is ${process.version}. Install it from https://nodejs.org`,
  );
}

/**
 * npm puts node_modules/.bin first on the scripts' PATH, and npm 11 links the packaged Node there; npm 10 does not.
 * @param {string} root the project's folder
 */
export function linkNode(root) {
  const packaged = packagedNode(root);
  if (!packaged) {
    modernNode(root);
    return;
  }
  const bin = path.join(root, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  const relative = path.relative(bin, packaged);
  if (windows) {
    writeFileSync(path.join(bin, 'node.cmd'), `@"%~dp0${relative}" %*\r\n`);
    // The scripts say `hash -r && exec node …`, neither of which cmd.exe knows.
    writeFileSync(path.join(bin, 'hash.cmd'), '@exit /b 0\r\n');
    writeFileSync(path.join(bin, 'exec.cmd'), '@%*\r\n');
    return;
  }
  rmSync(path.join(bin, 'node'), { force: true });
  symlinkSync(relative, path.join(bin, 'node'));
}

/**
 * Whether the scripts' PATH already leads to a Node that is new enough.
 * @param {string} root the project's folder
 * @returns {boolean}
 */
linkNode.done = (root) => {
  const bin = path.join(root, 'node_modules', '.bin');
  if (windows) return ['node.cmd', 'hash.cmd', 'exec.cmd'].every((file) => existsSync(path.join(bin, file)));
  return existsSync(path.join(bin, 'node'));
};

function packagedNode(root) {
  const platform = windows ? 'win' : process.platform;
  const executable = path.join(
    root,
    'node_modules',
    `node-${platform}-${process.arch}`,
    'bin',
    windows ? 'node.exe' : 'node',
  );
  return existsSync(executable) && (linkNode.done(root) || runs(executable)) ? executable : undefined;
}

// A machine with musl gets the package as well, but cannot run it.
function runs(executable) {
  return spawnSync(executable, ['--version'], { stdio: 'ignore' }).status === 0;
}
