// The pages (src/pages/*.html) enter; dist/web/ leaves: hashed files under /assets, nothing inline, as the strict CSP asks.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const project = import.meta.dirname;
const pages = path.join(project, 'src/pages');
const SERVICE_WORKER = 'service-worker';
/** Files that no page needs when the server is away. */
const NOT_KEPT = ['notices.txt', 'robots.txt', `${SERVICE_WORKER}.js`];
/** A slow machine is no reason to tell who starts Vigie how the build spends its time. */
const checks = { bundlerTimings: false };

export default defineConfig({
  root: pages,
  publicDir: path.join(pages, 'public'),
  cacheDir: path.join(project, '.cache/vite'),
  appType: 'mpa',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es', rolldownOptions: { checks } },
  plugins: [notices(), keptPages()],
  build: {
    outDir: path.join(project, 'dist/web'),
    emptyOutDir: true,
    target: ['chrome111', 'safari16.4', 'firefox114'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      checks,
      input: [
        ...readdirSync(pages)
          .filter((file) => file.endsWith('.html'))
          .map((file) => path.join(pages, file)),
        path.join(project, 'src/offline/worker/service-worker.ts'),
      ],
      output: {
        // Browsers ask for it by one name, and a worker may keep what lies beside or below it.
        entryFileNames: ({ name }) => (name === SERVICE_WORKER ? '[name].js' : 'assets/[name]-[hash].js'),
      },
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

/** Tells the service worker the names of all files, and a version that changes with any of them. */
function keptPages(): Plugin {
  return {
    name: 'vigie-kept-pages',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[`${SERVICE_WORKER}.js`];
        if (worker?.type !== 'chunk') throw new Error('the service worker was not built');
        if (worker.imports.length > 0) throw new Error('the service worker must stand alone: it shares a module');
        const contents = new Map<string, string | Uint8Array>();
        for (const [name, file] of Object.entries(bundle))
          contents.set(name, file.type === 'chunk' ? file.code : file.source);
        for (const name of readdirSync(path.join(pages, 'public')))
          contents.set(name, readFileSync(path.join(pages, 'public', name)));
        for (const name of NOT_KEPT) contents.delete(name);
        const names = [...contents.keys()].sort();
        const hash = createHash('sha256');
        for (const name of names) hash.update(`${name}\0`).update(contents.get(name) ?? '');
        worker.code = worker.code
          .replace('__KEPT_FILES__', JSON.stringify(names.map((name) => `/${name}`)))
          .replace('__KEPT_VERSION__', JSON.stringify(hash.digest('hex').slice(0, 16)));
        if (worker.code.includes('__KEPT_')) throw new Error('the service worker was not told what to keep');
      },
    },
  };
}
