/** The built pages enter; what each makes a browser fetch before it works leaves, gzipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** JavaScript of the camera page before the worker and the muxer load, bytes gzipped. */
const CAMERA_PAGE_MAX = 80_000;
const WEB = join(import.meta.dirname, '../dist/web');

const weights = readdirSync(WEB)
  .filter((file) => file.endsWith('.html'))
  .map((file) => ({ page: file.replace('.html', ''), ...weigh(file) }));
console.log('| page | HTML | JavaScript | style | all, gzipped bytes |\n|---|--:|--:|--:|--:|');
for (const { page, html, script, style } of weights)
  console.log(`| ${page} | ${html} | ${script} | ${style} | ${html + script + style} |`);
const camera = weights.find(({ page }) => page === 'camera');
const within = camera !== undefined && camera.script <= CAMERA_PAGE_MAX;
console.log(
  `\nCamera page: ${camera?.script} bytes of JavaScript before worker and muxer; must be at most ${CAMERA_PAGE_MAX}: ${within ? 'reached' : 'missed'}.`,
);
process.exitCode = within ? 0 : 1;

/** What a page's HTML names, and what that imports statically; what is imported later or runs in a worker is not fetched at first. */
function weigh(file: string): { html: number; script: number; style: number } {
  const html = readFileSync(join(WEB, file), 'utf8');
  const scripts = new Set<string>();
  const visit = (path: string) => {
    if (scripts.has(path)) return;
    scripts.add(path);
    const source = readFileSync(join(WEB, path), 'utf8');
    for (const [, name] of source.matchAll(/(?:^|[;}\s])import\s*(?:[^'"()]*?from\s*)?["'](\.\/[^"']+\.js)["']/g))
      visit(join('assets', name ?? ''));
  };
  for (const [, path] of html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)) visit(path ?? '');
  const styles = [...html.matchAll(/href="\/(assets\/[^"]+\.css)"/g)].map(([, path]) => path ?? '');
  return { html: gzipped(file), script: sum([...scripts].map(gzipped)), style: sum(styles.map(gzipped)) };
}

function gzipped(path: string): number {
  return gzipSync(readFileSync(join(WEB, path))).byteLength;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
