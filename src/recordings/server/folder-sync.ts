/** Folders whose names changed enter; when it resolves, the disk has the names. One sync serves all who came before it began. */
import { open } from 'node:fs/promises';

/** Makes a function that syncs a folder (POSIX fsync of a directory). */
export function createFolderSync(sync: (path: string) => Promise<void> = syncOnce): (path: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();

  const start = (path: string): Promise<void> => {
    const done = sync(path).finally(() => running.delete(path));
    running.set(path, done);
    return done;
  };
  return (path) => {
    const now = running.get(path);
    if (!now) return start(path);
    // The running one may have begun before this caller's rename: the one after it covers everybody who waits now.
    const waiting = next.get(path);
    if (waiting) return waiting;
    const after = now
      .catch(() => undefined)
      .then(() => {
        next.delete(path);
        return start(path);
      });
    next.set(path, after);
    return after;
  };
}

async function syncOnce(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    // Windows has no sync for folders; its file system keeps names by itself.
    if (process.platform !== 'win32') throw error;
  } finally {
    await folder.close();
  }
}
