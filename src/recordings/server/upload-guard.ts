/** An upload enters; the camera that may send it, the event it belongs to and its bytes on disk leave. */
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { type CameraAuthority, requireDigest, type SignedCamera } from '../../cameras/server/authority.ts';
import { type EventRow, eventOf } from '../../events/server/facts.ts';
import type { Database } from '../../ports/database/database.ts';
import { ApiError } from '../../ports/errors.ts';
import { type Arrival, BodyTooLarge, type MediaStore } from './media-store.ts';

/** An upload that may come: its event is there, and the person has not deleted it. */
export interface Upload {
  readonly camera: SignedCamera;
  readonly event: EventRow;
  /** SHA-256 that the camera signed, hex; the body has it once {@link receiveSigned} resolves. */
  readonly signedSha256: string;
}

/**
 * Verifies the signature and finds the event, before a byte of the body is read.
 * @returns null where the person deleted the event: nothing is stored
 * @throws {ApiError} 401 `signature-invalid`, 403 `camera-revoked`, 409 `event-unknown`
 */
export async function admit(
  request: FastifyRequest,
  eventId: string,
  parts: { db: Database; authority: CameraAuthority },
): Promise<Upload | null> {
  const camera = await parts.authority.authorize(request);
  const event = await eventOf(parts.db, camera.cameraId, eventId);
  if (!event)
    throw new ApiError(409, 'event-unknown', 'This camera has not sent the facts of such an event; they come first.');
  if (event.deletedAt !== null) return null;
  return {
    camera,
    event,
    signedSha256: Buffer.from(camera.contentDigest.slice('sha-256=:'.length, -1), 'base64').toString('hex'),
  };
}

/**
 * Writes the body to disk under a temporary name and compares it with what was signed. Nothing is left where it throws.
 * @throws {ApiError} 413 `too-large`, 401 `signature-invalid`; 400 `cut-off` where the sender went away
 */
export async function receiveSigned(
  request: FastifyRequest,
  { camera }: Upload,
  media: MediaStore,
  bytesMax: number,
): Promise<Arrival> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax);
  const body = (request.body ?? request.raw) as Readable;
  const arrival = await media.receive(body, bytesMax).catch((error: unknown) => {
    if (error instanceof BodyTooLarge) throw tooLarge(bytesMax);
    if (request.raw.destroyed && !request.raw.complete)
      throw new ApiError(400, 'cut-off', 'The upload broke off; send it again.');
    throw error;
  });
  try {
    requireDigest(camera, arrival.sha256);
  } catch (error) {
    await arrival.discard();
    throw error;
  }
  return arrival;
}

function tooLarge(bytesMax: number): ApiError {
  return new ApiError(413, 'too-large', `The upload is larger than ${bytesMax} bytes.`);
}
