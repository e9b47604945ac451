// Names of benchmarks and then their options enter (no name: all of bench/*.ts); each one's Markdown takes its place in docs/benchmarks.md.
// A benchmark writes its section (without heading) on standard output, what it is doing on standard error, and ends
// with a status other than 0 when a figure misses what it must reach.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const page = path.join(root, 'docs', 'benchmarks.md');
const folder = path.join(root, 'bench');
const all = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

const given = process.argv.slice(2);
const firstOption = given.findIndex((argument) => argument.startsWith('-'));
const names = firstOption === -1 ? given : given.slice(0, firstOption);
const options = given.slice(names.length);
const wanted = names.length > 0 ? names : all;
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`bench: no ${unknown.join(', ')}; there is ${all.join(', ')}`);
  process.exit(1);
}

const sections = readSections();
const missed = [];
for (const name of wanted) {
  console.error(`── ${name}`);
  const { status, stdout } = spawnSync('node', [path.join(folder, `${name}.ts`), ...options], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) missed.push(name);
  if (!stdout?.trim()) continue;
  console.log(stdout.trim());
  sections.set(name, `*${new Date().toISOString().slice(0, 10)}, ${machine()}*\n\n${stdout.trim()}`);
}
writeSections();
if (missed.length > 0) console.error(`bench: failed, or missed what it must reach: ${missed.join(', ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;

function readSections() {
  let text = '';
  try {
    text = readFileSync(page, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const parts = text.split(/^## (.+)$/m).slice(1);
  return new Map(parts.flatMap((name, i) => (i % 2 === 0 ? [[name.trim(), parts[i + 1].trim()]] : [])));
}

function writeSections() {
  const body = all
    .filter((name) => sections.has(name))
    .map((name) => `## ${name}\n\n${sections.get(name)}\n`)
    .join('\n');
  mkdirSync(path.dirname(page), { recursive: true });
  writeFileSync(
    page,
    `# Benchmarks\n\nWritten by \`npm run bench\`; one alone by \`npm run bench -- NAME\`.\n\n${body}`,
  );
}

function machine() {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 1024 ** 3);
  return `${cpus[0]?.model.trim() ?? process.arch} × ${cpus.length}, ${memory} GB, ${os.type()} ${os.release()}, Node ${nodeVersion()}`;
}

function nodeVersion() {
  return spawnSync('node', ['--version'], { encoding: 'utf8' }).stdout.trim().replace('v', '');
}
