// What a piece of generated work depends on enters; it is made again only when the hash of that changed, or output is gone.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A step of the setup: calling it makes the output, `done` says whether it is up to date.
 * The new output is made beside the old one and takes its place file by file, and the stamp is written last: whoever
 * reads meanwhile finds whole files, and a step that was killed counts as not done.
 * @param {object} options
 * @param {string} options.name for the stamp and for what the person reads
 * @param {string} options.output folder, relative to the project's
 * @param {(root: string) => string[]} options.inputs files that it depends on, relative to the project's folder
 * @param {(job: { root: string, node: string, target: string, holds: (pid: number) => void }) => unknown} options.make
 *   leaves the new output in the folder `target`
 */
export function step({ name, output, inputs, make }) {
  const stampOf = (root) => path.join(root, '.cache', `${name}.json`);
  const act = async (root, node, holds) => {
    console.error(`setup: making the ${name}`);
    const hash = hashOf(root, inputs(root));
    const target = path.join(root, output);
    const fresh = path.join(path.dirname(target), `.${path.basename(target)}-new`);
    rmSync(stampOf(root), { force: true });
    rmSync(fresh, { recursive: true, force: true });
    await make({ root, node, target: fresh, holds });
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

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]} paths relative to `root`, with slashes on every system
 */
export function filesUnder(root, folder) {
  const base = path.join(root, folder);
  if (!existsSync(base)) return [];
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'));
}
