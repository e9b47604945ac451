// The machine enters; the programs that the tests drive (browser, video tools, database, Java) leave installed.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from './run.js';

const tools = [
  { debian: 'chromium', commands: ['chromium'] },
  { debian: 'libnss3-tools', commands: ['certutil'] },
  { debian: 'ffmpeg', commands: ['ffmpeg', 'ffprobe'] },
  { debian: 'postgresql', commands: ['initdb', 'postgres'] },
  { debian: 'default-jre-headless', commands: ['java'] },
];

/**
 * The Debian packages of what the tests use and this machine lacks.
 * @returns {string[]}
 */
export function missingTools() {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...postgresFolders()];
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const isThere = (command) => folders.some((folder) => existsSync(path.join(folder, command + suffix)));
  return tools.filter(({ commands }) => !commands.every(isThere)).map(({ debian }) => debian);
}

/**
 * Installs what is missing on Debian as root.
 * @param {(pid: number) => void} holds is told apt's process
 * @throws {Error} elsewhere, naming in one line what to install; or when apt fails
 */
export async function installTools(holds) {
  const packages = missingTools();
  const isDebianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (!isDebianRoot) throw new Error(`the tests need these programs, please install: ${packages.join(' ')}`);
  console.error(`setup: installing ${packages.join(' ')}`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, holds };
  const quietly = ['-qq', '-o', 'DPkg::Lock::Timeout=600'];
  await run('apt-get', [...quietly, 'update'], options);
  await run('apt-get', [...quietly, 'install', '--yes', '--no-install-recommends', ...packages], options);
}

// Debian keeps the servers' programs out of PATH, one folder a version.
function postgresFolders() {
  const base = '/usr/lib/postgresql';
  return existsSync(base) ? readdirSync(base).map((version) => path.join(base, version, 'bin')) : [];
}
