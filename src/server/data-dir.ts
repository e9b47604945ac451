/** The path of DATA_DIR enters; the folder is there and can be written to, or one line says why not. */
import { existsSync, mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from './config.ts';

/** Makes the folder where it is missing, for this user alone. @throws {ConfigError} where nothing can be kept in it. */
export function makeDataDir(path: string): void {
  try {
    makeFolder(path);
    rmdirSync(mkdtempSync(join(path, '.writable-')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(
      `DATA_DIR: given ${JSON.stringify(path)} (${code}), accepted: a folder that can be made and written to`,
    );
  }
}

/** Part by part: Node's `recursive` never comes back from a file system that answers ENOENT to the making of a folder, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
