/** Photos and film parts enter; they lie in a folder of the camera's machine, chosen once, or in its downloads. */
import { type DBSchema, openDB } from 'idb';

/** Where and how files are saved. */
export interface Saver {
  /** `folder`: chosen by the person · `downloads`: the browser has no choice of folders, or none was chosen. */
  readonly place: 'folder' | 'downloads';
  photo(name: string, jpeg: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Parts of one film under the same name, in order; in the downloads it appears when `last` has come. */
  filmPart(name: string, bytes: Uint8Array<ArrayBuffer>, mediaType: string, last: boolean): Promise<void>;
}

interface FolderSchema extends DBSchema {
  folder: { key: string; value: FileSystemDirectoryHandle };
}

/** The parts of the File System Access API that the DOM types leave out. */
interface WithPermission {
  queryPermission?(options: { mode: 'readwrite' }): Promise<PermissionState>;
  requestPermission?(options: { mode: 'readwrite' }): Promise<PermissionState>;
}
declare function showDirectoryPicker(options: {
  id: string;
  mode: 'readwrite';
  startIn: string;
}): Promise<FileSystemDirectoryHandle>;

const open = () =>
  openDB<FolderSchema>('vigie-folder', 1, {
    upgrade(db) {
      db.createObjectStore('folder');
    },
  });

export function canChooseFolder(): boolean {
  return 'showDirectoryPicker' in window;
}

/**
 * The folder that was chosen before, as far as it may still be written to.
 *
 * @param ask whether the person may be asked for it again; needs a click just before
 */
export async function knownFolder(ask: boolean): Promise<FileSystemDirectoryHandle | null> {
  if (!canChooseFolder()) return null;
  const db = await open();
  const handle = await db.get('folder', 'folder').finally(() => db.close());
  if (!handle) return null;
  const rights = handle as WithPermission;
  const options = { mode: 'readwrite' } as const;
  if (((await rights.queryPermission?.(options)) ?? 'granted') === 'granted') return handle;
  return ask && (await rights.requestPermission?.(options)) === 'granted' ? handle : null;
}

/** Asks the person for a folder; needs a click just before. @returns null: the person chose none */
export async function chooseFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    const handle = await showDirectoryPicker({ id: 'vigie', mode: 'readwrite', startIn: 'pictures' });
    const db = await open();
    await db.put('folder', handle, 'folder').finally(() => db.close());
    return handle;
  } catch {
    return null;
  }
}

/** Saves into a folder; each part of a film is on the disk when it has come. */
export function createFolderSaver(folder: FileSystemDirectoryHandle): Saver {
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };
  async function append(name: string, bytes: Uint8Array<ArrayBuffer>, from: 'start' | 'end'): Promise<void> {
    const file = await folder.getFileHandle(name, { create: true });
    const size = from === 'end' ? (await file.getFile()).size : 0;
    const writable = await file.createWritable({ keepExistingData: from === 'end' });
    await writable.write({ type: 'write', position: size, data: bytes });
    await writable.close();
  }
  return {
    place: 'folder',
    photo: (name, jpeg) => inTurn(() => append(name, jpeg, 'start')),
    filmPart: (name, bytes) => inTurn(() => append(name, bytes, 'end')),
  };
}

/** Saves by the browser's downloads. */
export function createDownloadSaver(): Saver {
  const films = new Map<string, Uint8Array<ArrayBuffer>[]>();
  return {
    place: 'downloads',
    async photo(name, jpeg) {
      download(name, new Blob([jpeg], { type: 'image/jpeg' }));
    },
    async filmPart(name, bytes, mediaType, last) {
      const parts = films.get(name) ?? [];
      parts.push(bytes);
      films.set(name, parts);
      if (!last) return;
      films.delete(name);
      download(name, new Blob(parts, { type: mediaType }));
    },
  };
}

function download(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
