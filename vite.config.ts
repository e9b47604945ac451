// The pages (src/pages/*.html) enter; dist/web/ leaves: hashed files under /assets, nothing inline, as the strict CSP asks.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const project = import.meta.dirname;
const pages = path.join(project, 'src/pages');

export default defineConfig({
  root: pages,
  publicDir: path.join(pages, 'public'),
  cacheDir: path.join(project, '.cache/vite'),
  appType: 'mpa',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  plugins: [notices()],
  build: {
    outDir: path.join(project, 'dist/web'),
    emptyOutDir: true,
    target: ['chrome111', 'safari16.4', 'firefox114'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: readdirSync(pages)
        .filter((file) => file.endsWith('.html'))
        .map((file) => path.join(pages, file)),
    },
  },
});

/** Puts the licence notices of what ships beside the pages, at /notices.txt. */
function notices(): Plugin {
  return {
    name: 'vigie-notices',
    apply: 'build',
    generateBundle() {
      const source = readFileSync(path.join(project, 'THIRD-PARTY-NOTICES.md'), 'utf8');
      this.emitFile({ type: 'asset', fileName: 'notices.txt', source });
    },
  };
}
