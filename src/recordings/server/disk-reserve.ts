/** A clip part asks to come in; it may, or the last of the disk is kept for what an alarm needs: facts, photo, mail. */
import { statfs } from 'node:fs/promises';
import type { Clock } from '../../ports/clock.ts';
import { ApiError } from '../../ports/errors.ts';

/** Thousands of alarms with their photos. */
const RESERVE_BYTES = 256 * 1024 * 1024;
const FRESH_MILLIS = 5000;

/**
 * @param freeBytesOf left out: the system's own
 * @returns what rejects with {ApiError} 507 `disk-full`: a camera keeps the part and sends it again later
 */
export function createDiskReserve(
  folder: string,
  clock: Clock,
  freeBytesOf: (folder: string) => Promise<number> = freeBytes,
): () => Promise<void> {
  let known: { readonly at: number; readonly bytes: number } | null = null;
  return async () => {
    const now = clock.now();
    if (known === null || now - known.at > FRESH_MILLIS) known = { at: now, bytes: await freeBytesOf(folder) };
    if (known.bytes < RESERVE_BYTES)
      throw new ApiError(507, 'disk-full', 'The disk of this server is nearly full; the clip waits on the camera.');
  };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
