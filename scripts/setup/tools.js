// The machine enters; the programs that the tests drive (browser, video tools, database, Java) leave installed.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from './run.js';

// Each of `all` is a command, or several of which any will do.
const tools = [
  { debian: 'chromium', all: [['chromium', 'chromium-browser', 'google-chrome']] },
  { debian: 'ffmpeg', all: ['ffmpeg', 'ffprobe'] },
  { debian: 'postgresql', all: ['initdb', 'postgres'] },
  { debian: 'default-jre-headless', all: ['java'] },
  { debian: 'libnss3-tools', all: ['certutil'] },
];

/**
 * The Debian packages of what the tests use and this machine lacks.
 * @param {NodeJS.ProcessEnv} env PATH, and CHROMIUM for a browser that is elsewhere
 * @param {string[]} elsewhere more folders to look in
 * @returns {string[]}
 */
export function missingTools(env = process.env, elsewhere = postgresFolders()) {
  const folders = [...(env.PATH ?? '').split(path.delimiter).filter(Boolean), ...elsewhere];
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const isThere = (command) => folders.some((folder) => existsSync(path.join(folder, command + suffix)));
  return tools
    .filter(({ all }) => !all.every((commands) => [commands].flat().some(isThere)))
    .map(({ debian }) => debian)
    .filter((name) => name !== 'chromium' || !existsSync(env.CHROMIUM ?? ''));
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
