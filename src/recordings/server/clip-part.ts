/** A part of a clip enters, in any order; it is on disk and known when the answer leaves. */
import type { FastifyRequest } from 'fastify';
import { type EventRow, eventOf } from '../../events/server/facts.ts';
import { CLIP_PART_BYTES_MAX, type ClipType } from '../../events/shared/schema.ts';
import type { Database } from '../../ports/database/database.ts';
import type { ClipPartTable } from '../../ports/database/schema.ts';
import { ApiError } from '../../ports/errors.ts';
import { clipTypeOf } from './magic.ts';
import type { Arrival } from './media-store.ts';
import type { MediaServices } from './photo.ts';
import { receiveSigned, type Upload } from './upload-guard.ts';

/** Nothing that plays is shorter: a box or an EBML element has a header. */
const PART_BYTES_MIN = 8;

/** Name of a part on disk: `clip.0001.mp4`. */
export function partFile(n: number, type: ClipType): string {
  return `clip.${String(n).padStart(4, '0')}.${type === 'video/webm' ? 'webm' : 'mp4'}`;
}

/** Which part of a clip. */
export interface PartNumber {
  /** 0..CLIP_PARTS_MAX-1. */
  readonly n: number;
  /** None comes after it. */
  readonly isLast: boolean;
}

/**
 * Stores a part; the first one of its number stays. `same`: it was there already. `deleted`: the person deleted the event meanwhile.
 * @throws {ApiError} 415 `not-a-clip`, 409 `clip-conflict`, and those of {@link receiveSigned}
 */
export async function storeClipPart(
  request: FastifyRequest,
  upload: Upload,
  part: PartNumber,
  services: MediaServices,
): Promise<'new' | 'same' | 'deleted'> {
  const { event } = upload;
  const turn = `${event.cameraId}/${event.id}/clip`;
  if (await partOf(services.db, event, part.n))
    return services.turns(turn, () => keepPart(null, upload, part, services));
  const arrival = await receiveSigned(request, upload, services.media, CLIP_PART_BYTES_MAX);
  try {
    const type =
      arrival.bytes >= PART_BYTES_MIN ? clipTypeOf(part.n, arrival.head, request.headers['content-type']) : null;
    if (!type) throw new ApiError(415, 'not-a-clip', 'The body is not a part of a fragmented MP4 or a WebM.');
    return await services.turns(turn, () => keepPart({ arrival, type }, upload, part, services));
  } finally {
    await arrival.discard();
  }
}

interface Typed {
  readonly arrival: Arrival;
  readonly type: ClipType;
}

/** @param typed null: this part is on disk already, by what {@link storeClipPart} saw */
async function keepPart(
  typed: Typed | null,
  upload: Upload,
  { n, isLast }: PartNumber,
  { db, media, clock }: MediaServices,
): Promise<'new' | 'same' | 'deleted'> {
  const { accountId, cameraId, id: eventId } = upload.event;
  const now = await eventOf(db, cameraId, eventId);
  if (!now || now.deletedAt !== null) return 'deleted';
  const known = await partOf(db, now, n);
  if (known && known.sha256 !== upload.signedSha256)
    throw conflict('This event has another part of that number already; the first one stays.');
  if (isLast && now.clipLast !== null && now.clipLast !== n)
    throw conflict('Another part was called the last one already.');
  if (known || !typed) {
    if (isLast && now.clipLast === null) await record(db, now, { clipLast: n });
    return 'same';
  }
  const { arrival, type } = typed;
  if (now.clipType !== null && now.clipType !== type) throw conflict(`The parts of this clip are ${now.clipType}.`);
  if (now.clipLast !== null && n > now.clipLast) throw conflict('The clip ended before this part.');
  const place = { accountId, cameraId, eventId };
  await media.keep(arrival, place, partFile(n, type));
  const row = { cameraId, eventId, n, bytes: arrival.bytes, sha256: upload.signedSha256, arrivedAt: clock.now() };
  try {
    await record(db, now, { clipType: type, ...(isLast ? { clipLast: n } : {}) }, row);
    return 'new';
  } catch (error) {
    if (await eventOf(db, cameraId, eventId)) throw error;
    // The account was erased meanwhile: nothing else would ever remove this file.
    await media.removeEvent(place);
    return 'deleted';
  }
}

/** Writes a part's row and how far the clip has come, in one transaction. */
async function record(
  db: Database,
  { cameraId, id: eventId }: EventRow,
  change: { readonly clipType?: ClipType; readonly clipLast?: number },
  row?: ClipPartTable,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (row) await trx.insertInto('clipPart').values(row).execute();
    const arrived = await trx
      .selectFrom('clipPart')
      .select('n')
      .where('cameraId', '=', cameraId)
      .where('eventId', '=', eventId)
      .orderBy('n')
      .execute();
    const gap = arrived.findIndex((part, index) => part.n !== index);
    await trx
      .updateTable('event')
      .set({ ...change, clipParts: gap === -1 ? arrived.length : gap })
      .where('cameraId', '=', cameraId)
      .where('id', '=', eventId)
      .execute();
  });
}

async function partOf(db: Database, { cameraId, id }: EventRow, n: number) {
  return db
    .selectFrom('clipPart')
    .select('sha256')
    .where('cameraId', '=', cameraId)
    .where('eventId', '=', id)
    .where('n', '=', n)
    .executeTakeFirst();
}

function conflict(message: string): ApiError {
  return new ApiError(409, 'clip-conflict', message);
}
