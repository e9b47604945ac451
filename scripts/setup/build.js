// Sources enter; the generated messages and the built pages leave.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from './run.js';
import { filesUnder, step } from './step.js';

const always = ['package.json', 'package-lock.json', 'scripts/setup/build.js'];

/** Compiles messages/ into src/messages/generated/, plain JavaScript for the pages and the server. */
export const compileMessages = step({
  name: 'messages',
  output: 'src/messages/generated',
  inputs: (root) => [...always, 'project.inlang/settings.json', ...filesUnder(root, 'messages')],
  make({ root, node, target, holds }) {
    const cli = path.join(root, 'node_modules/@inlang/paraglide-js/bin/run.js');
    const places = ['--project', './project.inlang', '--outdir', target];
    const strategy = ['--strategy', 'cookie', 'preferredLanguage', 'baseLocale'];
    const form = ['--output-structure', 'locale-modules', '--no-emit-git-ignore', '--no-emit-prettier-ignore'];
    const args = [cli, 'compile', '--silent', ...places, ...strategy, ...form, '--no-emit-readme'];
    return run(node, args, { cwd: root, holds });
  },
});

/** Builds the pages into dist/web/. */
export const buildWeb = step({
  name: 'pages',
  output: 'dist/web',
  inputs: (root) => [
    ...always,
    'vite.config.ts',
    ...readdirSync(root).filter((file) => /^tsconfig.*\.json$/.test(file)),
    'THIRD-PARTY-NOTICES.md',
    'project.inlang/settings.json',
    ...filesUnder(root, 'messages'),
    ...filesUnder(root, 'src').filter((file) => !/(^|\/)(server|\.?generated[^/]*)\/|\.test\.tsx?$/.test(file)),
  ],
  make({ root, node, target, holds }) {
    const cli = path.join(root, 'node_modules/vite/bin/vite.js');
    const env = { ...process.env, NODE_ENV: 'production' };
    return run(node, [cli, 'build', '--logLevel', 'warn', '--outDir', target, '--emptyOutDir'], {
      cwd: root,
      env,
      holds,
    });
  },
});
