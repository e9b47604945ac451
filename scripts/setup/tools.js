// The machine enters; the programs that the tests drive (browser, video tools, database, Java) leave installed.
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { run } from './run.js';

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'Chromium', 'Google Chrome'];
// Each of `all` is a command, or several of which any will do.
const tools = [
  { debian: 'chromium', all: [browsers] },
  { debian: 'ffmpeg', all: ['ffmpeg', 'ffprobe'] },
  { debian: 'postgresql', all: ['initdb', 'postgres'] },
  { debian: 'default-jre-headless', all: ['java'] },
  { debian: 'libnss3-tools', all: ['certutil'] },
  { debian: 'caddy', all: ['caddy'] },
];

/**
 * A browser of the Chromium family: the one that CHROMIUM names, else one that is installed.
 * @returns {string | undefined} its path
 */
export function findBrowser(env = process.env, elsewhere = hiddenFolders()) {
  return env.CHROMIUM && existsSync(env.CHROMIUM) ? env.CHROMIUM : find(browsers, env, elsewhere);
}

/**
 * PostgreSQL's server programs: the newest, where several are installed side by side.
 * @returns {string | undefined} their folder
 */
export function findPostgres(env = process.env, elsewhere = hiddenFolders()) {
  const found = find(['initdb'], { PATH: '' }, elsewhere) ?? find(['initdb'], env, []);
  return found && path.dirname(realpathSync(found)); // in PATH a link may stand alone
}

/**
 * The Debian packages of what the tests use and this machine lacks.
 * @param {NodeJS.ProcessEnv} env PATH, and CHROMIUM for a browser that is elsewhere
 * @param {string[]} elsewhere more folders to look in
 * @returns {string[]}
 */
export function missingTools(env = process.env, elsewhere = hiddenFolders()) {
  return tools
    .filter(({ all }) => !all.every((commands) => find([commands].flat(), env, elsewhere)))
    .map(({ debian }) => debian)
    .filter((name) => name !== 'chromium' || !findBrowser(env, elsewhere));
}

function find(commands, env, elsewhere) {
  const folders = [...(env.PATH ?? '').split(path.delimiter).filter(Boolean), ...elsewhere];
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const places = commands.flatMap((command) => folders.map((folder) => path.join(folder, command + suffix)));
  return places.find((place) => existsSync(place));
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

// Where programs are that are not in PATH. Of PostgreSQL's versions, one a folder, the newest comes first.
function hiddenFolders() {
  const versions = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'].filter(existsSync).flatMap((base) =>
    readdirSync(base)
      .filter((name) => /^(postgresql@)?\d+$/.test(name))
      .sort((a, b) => Number(b.replace(/\D/g, '')) - Number(a.replace(/\D/g, '')))
      .map((name) => path.join(base, name, 'bin')),
  );
  const apps = ['Chromium', 'Google Chrome'].map((name) => `/Applications/${name}.app/Contents/MacOS`);
  return [...versions, ...apps];
}
