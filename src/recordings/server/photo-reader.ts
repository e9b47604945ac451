/** An event enters; the bytes of its photo leave, for the mail that shows it. */
import { buffer } from 'node:stream/consumers';
import type { Database } from '../../ports/database/database.ts';
import type { MediaStore } from './media-store.ts';
import { PHOTO_FILE } from './photo.ts';

/** Reads photos by account, camera and event; null: it has not arrived, or the event was deleted. */
export function photoReader(
  db: Database,
  media: MediaStore,
): (accountId: string, cameraId: string, eventId: string) => Promise<Buffer | null> {
  return async (accountId, cameraId, eventId) => {
    const event = await db
      .selectFrom('event')
      .select('photoSha256')
      .where('accountId', '=', accountId)
      .where('cameraId', '=', cameraId)
      .where('id', '=', eventId)
      .where('deletedAt', 'is', null)
      .executeTakeFirst();
    return event?.photoSha256 ? buffer(media.read({ accountId, cameraId, eventId }, PHOTO_FILE)) : null;
  };
}
