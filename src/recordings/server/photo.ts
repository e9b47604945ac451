/** The photo of an event enters, once; it is on disk and known when the answer leaves. */
import type { FastifyRequest } from 'fastify';
import { eventOf } from '../../events/server/facts.ts';
import { PHOTO_BYTES_MAX } from '../../events/shared/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { ApiError } from '../../ports/errors.ts';
import { isJpeg } from './magic.ts';
import type { Arrival, MediaStore } from './media-store.ts';
import { receiveSigned, type Upload } from './upload-guard.ts';

export const PHOTO_FILE = 'photo.jpg';

/** What storing media needs. */
export interface MediaServices {
  readonly db: Database;
  readonly media: MediaStore;
  readonly clock: Clock;
  /** Who stores the same thing at once takes turns. */
  readonly turns: <T>(name: string, work: () => Promise<T>) => Promise<T>;
}

/**
 * Stores the photo; the first one stays. `same`: it was there already. `deleted`: the person deleted the event meanwhile.
 * @throws {ApiError} 415 `not-an-image`, 409 `photo-conflict`, and those of {@link receiveSigned}
 */
export async function storePhoto(
  request: FastifyRequest,
  upload: Upload,
  services: MediaServices,
): Promise<'new' | 'same' | 'deleted'> {
  const { event } = upload;
  if (event.photoSha256 !== null) return sameOrConflict(event.photoSha256, upload.signedSha256);
  const arrival = await receiveSigned(request, upload, services.media, PHOTO_BYTES_MAX);
  try {
    if (!isJpeg(arrival.head, arrival.tail))
      throw new ApiError(415, 'not-an-image', 'The body is not a whole JPEG picture.');
    return await services.turns(`${event.cameraId}/${event.id}/photo`, () => keepPhoto(arrival, upload, services));
  } finally {
    await arrival.discard();
  }
}

async function keepPhoto(
  arrival: Arrival,
  { event, signedSha256 }: Upload,
  { db, media }: MediaServices,
): Promise<'new' | 'same' | 'deleted'> {
  const { accountId, cameraId, id: eventId } = event;
  const now = await eventOf(db, cameraId, eventId);
  if (!now || now.deletedAt !== null) return 'deleted';
  if (now.photoSha256 !== null) return sameOrConflict(now.photoSha256, signedSha256);
  const place = { accountId, cameraId, eventId };
  await media.keep(arrival, place, PHOTO_FILE);
  const { numUpdatedRows } = await db
    .updateTable('event')
    .set({ photoBytes: arrival.bytes, photoSha256: signedSha256 })
    .where('cameraId', '=', cameraId)
    .where('id', '=', eventId)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return 'new';
  // The account was erased meanwhile: nothing else would ever remove this file.
  await media.removeEvent(place);
  return 'deleted';
}

function sameOrConflict(stored: string, offered: string): 'same' {
  if (stored === offered) return 'same';
  throw new ApiError(409, 'photo-conflict', 'This event has another photo already; the first one stays.');
}
