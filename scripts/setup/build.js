// Sources enter; generated messages and the built pages leave, made again only when the hash of what they depend on changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const locked = ['package-lock.json'];

/** Compiles messages/ into src/messages/generated/, plain JavaScript for the pages and the server. */
export const compileMessages = step({
  name: 'messages',
  output: 'src/messages/generated',
  inputs: (root) => [...locked, 'project.inlang/settings.json', ...filesUnder(root, 'messages')],
  make(root, node, target) {
    const cli = path.join(root, 'node_modules/@inlang/paraglide-js/bin/run.js');
    const places = ['--project', './project.inlang', '--outdir', target];
    const strategy = ['--strategy', 'cookie', 'preferredLanguage', 'baseLocale'];
    const form = ['--output-structure', 'locale-modules', '--no-emit-git-ignore', '--no-emit-prettier-ignore'];
    run(root, node, [cli, 'compile', '--silent', ...places, ...strategy, ...form, '--no-emit-readme']);
  },
});

/** Builds the pages into dist/web/. */
export const buildWeb = step({
  name: 'pages',
  output: 'dist/web',
  inputs: (root) => [
    ...locked,
    'vite.config.ts',
    'THIRD-PARTY-NOTICES.md',
    'project.inlang/settings.json',
    ...filesUnder(root, 'messages'),
    ...filesUnder(root, 'src').filter((file) => !/(^|\/)(server|generated)\/|\.test\.tsx?$/.test(file)),
  ],
  make(root, node, target) {
    const cli = path.join(root, 'node_modules/vite/bin/vite.js');
    run(root, node, [cli, 'build', '--logLevel', 'warn', '--outDir', target, '--emptyOutDir']);
  },
});

/**
 * A step of the setup: calling it makes the output, `done` says whether it is up to date.
 * The new output is made beside the old one and takes its place file by file, and the stamp is written last: whoever
 * reads meanwhile finds whole files, and a step that was killed counts as not done.
 */
function step({ name, output, inputs, make }) {
  const stampOf = (root) => path.join(root, '.cache', `${name}.json`);
  const act = (root, node) => {
    console.error(`setup: making the ${name}`);
    const hash = hashOf(root, inputs(root));
    const target = path.join(root, output);
    const fresh = path.join(path.dirname(target), `.${path.basename(target)}-new`);
    rmSync(stampOf(root), { force: true });
    rmSync(fresh, { recursive: true, force: true });
    make(root, node, fresh);
    const files = filesUnder(fresh, '.');
    if (files.length === 0) throw new Error(`making the ${name} left nothing`);
    replaceFiles(fresh, target, files);
    mkdirSync(path.dirname(stampOf(root)), { recursive: true });
    writeFileSync(stampOf(root), JSON.stringify({ hash, files }));
  };
  act.done = (root) => {
    const stamp = readStamp(stampOf(root));
    return (
      stamp !== undefined &&
      stamp.files.every((file) => existsSync(path.join(root, output, file))) &&
      stamp.hash === hashOf(root, inputs(root))
    );
  };
  return act;
}

// Assets first: a page never names one that is not there yet.
function replaceFiles(fresh, target, files) {
  const pagesLast = [...files].sort((a, b) => Number(a.endsWith('.html')) - Number(b.endsWith('.html')));
  for (const file of pagesLast) {
    mkdirSync(path.dirname(path.join(target, file)), { recursive: true });
    renameSync(path.join(fresh, file), path.join(target, file));
  }
  const kept = new Set(files);
  for (const file of filesUnder(target, '.')) if (!kept.has(file)) rmSync(path.join(target, file), { force: true });
  rmSync(fresh, { recursive: true, force: true });
}

function hashOf(root, files) {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const whole = path.join(root, file);
    hash.update(`${file}\0`);
    if (existsSync(whole)) hash.update(createHash('sha256').update(readFileSync(whole)).digest());
  }
  return hash.digest('hex');
}

function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

// Paths relative to `root`, with slashes on every system.
function filesUnder(root, folder) {
  const base = path.join(root, folder);
  if (!existsSync(base)) return [];
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'));
}

function run(root, node, args) {
  const { status } = spawnSync(node, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${path.basename(args[0])} failed; the lines above say why`);
}
