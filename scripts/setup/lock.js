// A piece of work enters; it runs while no other setup of the same tree works, and its answer leaves.
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

const pauseMillis = 100;
const writingMillis = 2000;
const silentMillis = 2000;

/**
 * Runs `work` while holding the tree's setup lock. A lock whose holders are all dead is taken over: a setup that was
 * killed may leave its npm behind, which goes on writing until it ends, so such children hold the lock as well.
 * @template T
 * @param {string} root the project's folder
 * @param {(holds: (pid: number) => void) => T | Promise<T>} work is given what makes a child process hold the lock too
 * @returns {Promise<T>}
 */
export async function withLock(root, work) {
  const file = path.join(root, '.cache', 'setup.lock');
  mkdirSync(path.dirname(file), { recursive: true });
  let waitedMillis = 0;
  while (!tryTake(file)) {
    const holders = holdersOf(file);
    const alive = holders.filter(isAlive);
    if (alive.length === 0 && ageMillis(file) >= (holders.length > 0 ? 0 : writingMillis)) remove(file, holders);
    else await new Promise((resolve) => setTimeout(resolve, pauseMillis));
    waitedMillis += pauseMillis;
    if (waitedMillis === silentMillis) console.error(`setup: waiting for another setup of this folder${named(alive)}`);
  }
  try {
    return await work((pid) => appendFileSync(file, identify(pid)));
  } finally {
    rmSync(file, { force: true });
  }
}

function tryTake(file) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, identify(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function holdersOf(file) {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

// A lock without a holder is being written, unless it is old.
function ageMillis(file) {
  try {
    return Math.max(0, Date.now() - statSync(file).mtimeMs);
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
}

// Renamed before it is removed: of several that wait, one moves the dead lock away.
function remove(file, holders) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (String(holdersOf(aside)) === String(holders)) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

function isAlive(holder) {
  const pid = Number(holder.split(' ')[0]);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return `${holder}\n` === identify(pid);
}

function named(holders) {
  const pids = holders.map((holder) => holder.split(' ')[0]);
  return pids.length > 0 ? ` (process ${pids.join(', ')})` : '';
}

// Numbers of processes come again, in a container with every start; together with the time of birth they do not.
function identify(pid) {
  return `${pid} ${bornAt(pid)}\n`;
}

// Fields 3 and 22 of proc(5)'s stat, after a name that may itself hold spaces and brackets. Other systems say nothing
// here. A zombie has ended, and stays where nobody collects it: in a container whose first process is not an init.
function bornAt(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return 'ZX'.includes(fields[0]) ? 'ended' : fields[19];
  } catch {
    return '?';
  }
}
