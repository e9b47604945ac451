/**
 * Bytes of a request enter; files that survive a power cut leave. `DATA_DIR/media/<account>/<camera>/<event>/<file>`.
 *
 * A file is written under a temporary name, synced, renamed, and its folder synced: under its own name it is whole.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { createFolderSync } from './folder-sync.ts';

/** The place of an event's media. */
export interface EventPlace {
  readonly accountId: string;
  readonly cameraId: string;
  readonly eventId: string;
}

/** What arrived, on disk under a temporary name. `keep` it in the store, and `discard` it in any case. */
export interface Arrival {
  readonly bytes: number;
  readonly sha256: Buffer;
  /** The first bytes, at most {@link HEAD_BYTES}. */
  readonly head: Buffer;
  /** The last two bytes. */
  readonly tail: Buffer;
  readonly path: string;
  /** Removes it, where it was not kept. */
  discard(): Promise<void>;
}

export interface MediaStore {
  /**
   * Writes a body to disk as it comes.
   * @throws {BodyTooLarge} past `bytesMax`; whatever the stream throws when it is cut off. Nothing is left then.
   */
  receive(body: Readable, bytesMax: number): Promise<Arrival>;
  /** Puts what arrived under its name for good; resolves when the disk has it. */
  keep(arrival: Arrival, place: EventPlace, fileName: string): Promise<void>;
  /** Reads bytes `from`..`to` (both included) of a file, all where left out. */
  read(place: EventPlace, fileName: string, from?: number, to?: number): Readable;
  /** Removes all of an event; nothing there is no error. Resolves when the disk has it. */
  removeEvent(place: EventPlace): Promise<void>;
  /** Removes all of an account; nothing there is no error. Resolves when the disk has it. */
  removeAccount(accountId: string): Promise<void>;
  /** Removes what uploads that were cut off by a crash left, older than `before` (ms since 1970). Returns how many. */
  sweepIncoming(before: number): Promise<number>;
}

/** A body longer than its route takes. */
export class BodyTooLarge extends Error {
  readonly code = 'too-large';
}

export const HEAD_BYTES = 16;
const INCOMING = '.incoming';
const PRIVATE_FOLDER = { recursive: true, mode: 0o700 } as const;

/** The media below `folder`, made where missing. */
export async function openMediaStore(folder: string): Promise<MediaStore> {
  const incoming = join(folder, INCOMING);
  await mkdir(incoming, PRIVATE_FOLDER);
  const syncFolder = createFolderSync();
  const kept = new WeakSet<Arrival>();

  /** Makes the folder of an event. Returns it, and the folders in which new names stand. */
  const makeFolder = async (place: EventPlace): Promise<{ path: string; changed: string[] }> => {
    const path = folderOf(folder, place);
    const firstMade = await mkdir(path, PRIVATE_FOLDER);
    const changed = [path];
    if (firstMade !== undefined)
      for (let made = path; made.length >= firstMade.length; made = dirname(made)) changed.push(dirname(made));
    return { path, changed };
  };

  return {
    async receive(body, bytesMax) {
      const temporary = join(incoming, uuidv7());
      const file = await open(temporary, 'wx', 0o600);
      const hash = createHash('sha256');
      let bytes = 0;
      let head = Buffer.alloc(0);
      let tail = Buffer.alloc(0);
      try {
        for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
          bytes += piece.length;
          if (bytes > bytesMax) throw new BodyTooLarge(`The body is longer than ${bytesMax} bytes.`);
          hash.update(piece);
          if (head.length < HEAD_BYTES) head = Buffer.concat([head, piece.subarray(0, HEAD_BYTES - head.length)]);
          tail = Buffer.concat([tail, piece.subarray(-2)]).subarray(-2);
          await writeWhole(file, piece);
        }
        await file.datasync();
      } catch (error) {
        // What else comes is let run out: the connection goes on, and its sender reads the answer.
        body.resume();
        await file.close();
        await unlink(temporary);
        throw error;
      }
      await file.close();
      const arrival: Arrival = {
        bytes,
        sha256: hash.digest(),
        head,
        tail,
        path: temporary,
        async discard() {
          if (!kept.has(arrival)) await unlink(temporary);
        },
      };
      return arrival;
    },
    async keep(arrival, place, fileName) {
      const { path, changed } = await makeFolder(place);
      await rename(arrival.path, join(path, checked(fileName)));
      kept.add(arrival);
      await Promise.all(changed.map(syncFolder));
    },
    read: (place, fileName, from, to) =>
      createReadStream(join(folderOf(folder, place), checked(fileName)), {
        ...(from === undefined ? {} : { start: from }),
        ...(to === undefined ? {} : { end: to }),
      }),
    async removeEvent(place) {
      await rm(folderOf(folder, place), { recursive: true, force: true });
      await syncFolder(join(folder, place.accountId, place.cameraId)).catch(ignoreMissing);
    },
    async removeAccount(accountId) {
      // An upload that was let in before may land while it goes.
      await rm(join(folder, accountId), { recursive: true, force: true, maxRetries: 3 });
      await syncFolder(folder);
    },
    async sweepIncoming(before) {
      const names = await readdir(incoming);
      const removed = await Promise.all(
        names.map(async (name) => {
          const path = join(incoming, name);
          const info = await stat(path).catch(ignoreMissing);
          if (!info || info.mtimeMs >= before) return false;
          await rm(path, { force: true });
          return true;
        }),
      );
      return removed.filter(Boolean).length;
    },
  };
}

/** A disk that is nearly full, or a quota, takes a part of what it is given and says so only by the count. */
async function writeWhole(file: FileHandle, piece: Buffer): Promise<void> {
  for (let at = 0; at < piece.length; ) {
    const { bytesWritten } = await file.write(piece, at);
    if (bytesWritten === 0) throw new Error('The disk takes no more.');
    at += bytesWritten;
  }
}

function folderOf(folder: string, { accountId, cameraId, eventId }: EventPlace): string {
  return join(folder, checked(accountId), checked(cameraId), checked(eventId));
}

/** A name that stays in its folder. */
function checked(name: string): string {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(name))
    throw new TypeError('A part of a media path has characters that it must not have.');
  return name;
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
