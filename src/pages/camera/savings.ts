/** Photos and film parts of the worker enter; they are saved on this machine where the person asked for it. */
import {
  canChooseFolder,
  chooseFolder,
  createDownloadSaver,
  createFolderSaver,
  knownFolder,
  type Saver,
} from '../../recordings/browser/save-folder.ts';
import { recordingFileName } from '../../recordings/shared/file-name.ts';
import { type CameraPageState, note, unnote } from './state.ts';

export interface Savings {
  /** Finds where to save. @param ask whether a click allows to ask the person */
  prepare(ask: boolean): Promise<void>;
  /** Saves the photo of the moment of starting. */
  first(atMillis: number, jpeg: Uint8Array<ArrayBuffer>): Promise<void>;
  photo(atMillis: number, jpeg: Uint8Array<ArrayBuffer>): Promise<void>;
  filmPart(
    eventId: string,
    atMillis: number,
    bytes: Uint8Array<ArrayBuffer>,
    mediaType: string,
    last: boolean,
  ): Promise<void>;
}

export function createSavings(state: CameraPageState): Savings {
  let saver: Saver | null = null;
  /** Event → file of its film: one, whatever the camera is called meanwhile. */
  const films = new Map<string, string>();

  const nameFor = (atMillis: number, extension: 'jpg' | 'mp4' | 'webm') => {
    const { omitAddressInFileNames } = state.settings.value;
    const address = omitAddressInFileNames ? null : state.identity.value?.address;
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    return recordingFileName({
      ...(address && { address }),
      cameraName: state.name.value,
      startedAt: atMillis,
      timeZone,
      extension,
    });
  };
  const guarded = async (work: (by: Saver) => Promise<void>): Promise<boolean> => {
    if (!state.settings.value.saveHere || !saver) return false;
    try {
      await work(saver);
      return true;
    } catch {
      note(state, { kind: 'save-failed' });
      return false;
    }
  };
  return {
    async prepare(ask) {
      if (!state.settings.value.saveHere) return;
      const folder = (await knownFolder(ask)) ?? (ask && canChooseFolder() ? await chooseFolder() : null);
      saver = folder ? createFolderSaver(folder) : createDownloadSaver();
      if (folder || !canChooseFolder()) unnote(state, 'folder-lost');
      else note(state, { kind: 'folder-lost' });
    },
    async first(atMillis, jpeg) {
      const name = nameFor(atMillis, 'jpg');
      if (await guarded((by) => by.photo(name, jpeg))) state.firstSaved.value = name;
    },
    async photo(atMillis, jpeg) {
      await guarded((by) => by.photo(nameFor(atMillis, 'jpg'), jpeg));
    },
    async filmPart(eventId, atMillis, bytes, mediaType, last) {
      const name = films.get(eventId) ?? nameFor(atMillis, mediaType === 'video/webm' ? 'webm' : 'mp4');
      if (last) films.delete(eventId);
      else films.set(eventId, name);
      await guarded((by) => by.filmPart(name, bytes, mediaType, last));
    },
  };
}
