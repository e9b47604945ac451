// A script's name enters (start, run, check, test); a tree that can run it leaves: tools, packages, Node 24, messages, web build.
// Plain JavaScript without dependencies, because the system's Node (20 or later) runs it before anything is installed.
// Each script of package.json calls it by itself, since npm leaves out `pre…` scripts where `ignore-scripts` is set; then
// `hash -r` makes a shell that remembers the system's Node look again, and `exec` leaves no shell between npm and Node.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWeb, compileMessages } from './setup/build.js';
import { withLock } from './setup/lock.js';
import { expectNode, linkNode, modernNode } from './setup/node.js';
import { installPackages, packagesDiffer, settlePackages } from './setup/packages.js';
import { installTools, missingTools } from './setup/tools.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const needs = {
  run: { dev: false, web: false, tools: false },
  start: { dev: false, web: true, tools: false },
  check: { dev: true, web: false, tools: false },
  test: { dev: true, web: true, tools: true },
};
const purpose = process.argv[2] ?? 'start';
const need = needs[purpose];
if (!need) {
  console.error(`setup: "${purpose}" is not one of ${Object.keys(needs).join(', ')}`);
  process.exit(1);
}

// npm passes SIGTERM on to its shell alone: a setup without its shell ends too.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 250).unref();

try {
  expectNode();
  const jobs = [
    { due: () => need.tools && missingTools().length > 0, work: (holds) => installTools(holds) },
    { due: () => !settlePackages.done(root), work: () => settlePackages(root) },
    { due: () => packagesDiffer(root, need.dev), work: (holds) => installPackages(root, need.dev, holds) },
    { due: () => !linkNode.done(root), work: () => linkNode(root) },
    { due: () => !compileMessages.done(root), work: (holds) => compileMessages(root, modernNode(root), holds) },
    { due: () => need.web && !buildWeb.done(root), work: (holds) => buildWeb(root, modernNode(root), holds) },
  ];
  for (const { due, work } of jobs) {
    // Asked again with the lock in hand: another setup may have done it meanwhile.
    if (due()) await withLock(root, (holds) => (due() ? work(holds) : undefined));
  }
} catch (error) {
  console.error(`setup: ${reasonOf(error)}`);
  process.exit(1);
}

function reasonOf(error) {
  if (!(error instanceof Error)) return error;
  if (!['EACCES', 'EPERM'].includes(error.code) || !error.path?.startsWith(root)) return error.message;
  const { uid } = statSync(existsSync(error.path) ? error.path : root);
  const owner = spawnSync('id', ['-un', String(uid)], { encoding: 'utf8' }).stdout?.trim() || uid;
  return `${error.path} belongs to ${owner}. Run this as ${owner}, or make it yours: sudo chown -R "$USER" '${root}'`;
}
