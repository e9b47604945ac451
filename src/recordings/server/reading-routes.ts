/** A signed-in person's question for a photo or clip enters; its bytes leave, whole, in part, or as they arrive. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Uuid } from '../../cameras/shared/schema.ts';
import type { EventRow } from '../../events/server/facts.ts';
import { ClipType } from '../../events/shared/schema.ts';
import type { Database } from '../../ports/database/database.ts';
import { ApiError, refusals } from '../../ports/errors.ts';
import type { App } from '../../server/app-type.ts';
import { recordingFileName } from '../shared/file-name.ts';
import { type ClipPart, playableParts, readGrowing, readParts } from './clip-reading.ts';
import { PHOTO_FILE } from './photo.ts';
import { parseRange } from './range.ts';
import type { RecordingServices } from './routes.ts';

const STALL_MILLIS = 15_000;
/**
 * It never changes, and its ETag says so in a few bytes; but the browser must ask each time, since who was signed in
 * may be no more. Nobody between may keep it.
 */
const ASK_FIRST = 'private, no-cache';
/** Bytes that a stranger's camera may have made: never run, never guessed at. */
const HARMLESS = {
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
} as const;

const Bytes = z.any().describe('The bytes of the file.');
const EventParams = z.object({ cameraId: Uuid, eventId: Uuid });
const Download = z.object({ download: z.enum(['0', '1']).default('0') }).strict();

type ShownEvent = EventRow & { readonly cameraName: string };

/** Adds `GET …/photo` and `GET …/clip`. */
export function readingRoutes(app: App, services: RecordingServices): void {
  const { db, accounts, media, clock } = services;
  const stallMillis = services.stallMillis ?? STALL_MILLIS;

  app.get(
    '/api/cameras/:cameraId/events/:eventId/photo',
    {
      schema: {
        tags: ['recordings'],
        description: 'The photo, a JPEG.',
        params: EventParams,
        querystring: Download,
        response: { 200: Bytes, 304: z.undefined(), ...refusals(400, 401, 404) },
      },
    },
    async (request, reply) => {
      const event = await ownEvent(request, request.params);
      const { photoSha256, photoBytes } = event;
      if (photoSha256 === null || photoBytes === null)
        throw new ApiError(404, 'photo-missing', 'The photo of this event has not arrived.');
      const etag = `"${photoSha256}"`;
      reply.headers({ ...HARMLESS, 'cache-control': ASK_FIRST, etag, 'content-type': 'image/jpeg' });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      if (request.query.download === '1') nameFile(reply, event, 'jpg');
      return reply.header('content-length', photoBytes).send(media.read(placeOf(event), PHOTO_FILE));
    },
  );

  app.get(
    '/api/cameras/:cameraId/events/:eventId/clip',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['recordings'],
        description:
          'The clip from its beginning. Complete: with ranges. Before that: what has arrived, and the parts to come as they arrive.',
        params: EventParams,
        querystring: Download,
        response: { 200: Bytes, 206: Bytes, 304: z.undefined(), ...refusals(400, 401, 404, 416) },
      },
    },
    async (request, reply) => {
      const event = await ownEvent(request, request.params);
      const type = ClipType.nullable().parse(event.clipType);
      const parts = await playableParts(db, event);
      const newest = parts.at(-1);
      if (type === null || !newest)
        throw new ApiError(404, 'clip-missing', 'No part of this clip has arrived that could be played.');
      reply.headers({ ...HARMLESS, 'content-type': type });
      if (request.query.download === '1') nameFile(reply, event, type === 'video/webm' ? 'webm' : 'mp4');
      const complete = event.clipLast !== null && event.clipParts > event.clipLast;
      if (complete || clock.now() - newest.arrivedAt > stallMillis)
        return sendFile(request, reply, event, type, parts, complete);

      const gone = new AbortController();
      request.raw.once('close', () => gone.abort());
      reply.raw.once('close', () => gone.abort());
      const current = () => eventOfAccount(db, event.accountId, event.cameraId, event.id);
      const growing = readGrowing(placeOf(event), type, { ...services, stallMillis, signal: gone.signal, current });
      return reply.headers({ 'cache-control': 'no-store', 'accept-ranges': 'none' }).send(Readable.from(growing));
    },
  );

  async function ownEvent(
    request: FastifyRequest,
    { cameraId, eventId }: z.infer<typeof EventParams>,
  ): Promise<ShownEvent> {
    const account = await accounts.requireAccount(request);
    const event = await eventOfAccount(db, account.id, cameraId, eventId);
    if (!event) throw new ApiError(404, 'event-unknown', 'This account has no such event.');
    return event;
  }

  function sendFile(
    request: FastifyRequest,
    reply: FastifyReply,
    event: ShownEvent,
    type: ClipType,
    parts: readonly ClipPart[],
    complete: boolean,
  ) {
    const size = parts.reduce((sum, part) => sum + part.bytes, 0);
    const etag = `"${createHash('sha256')
      .update(parts.map((part) => part.sha256).join())
      .digest('hex')}"`;
    reply.headers({ 'accept-ranges': 'bytes', etag, 'cache-control': complete ? ASK_FIRST : 'no-store' });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    const ifRange = request.headers['if-range'];
    const range = ifRange === undefined || ifRange === etag ? parseRange(request.headers.range, size) : 'whole';
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${size}`);
      throw new ApiError(416, 'range-unsatisfiable', `The clip has ${size} bytes.`);
    }
    if (range === 'whole')
      return reply.header('content-length', size).send(Readable.from(readParts(media, placeOf(event), type, parts)));
    return reply
      .code(206)
      .headers({
        'content-range': `bytes ${range.from}-${range.to}/${size}`,
        'content-length': range.to - range.from + 1,
      })
      .send(Readable.from(readParts(media, placeOf(event), type, parts, range)));
  }
}

/** An event that its account has not deleted. */
function eventOfAccount(
  db: Database,
  accountId: string,
  cameraId: string,
  eventId: string,
): Promise<ShownEvent | undefined> {
  return db
    .selectFrom('event')
    .innerJoin('camera', 'camera.id', 'event.cameraId')
    .selectAll('event')
    .select('camera.name as cameraName')
    .where('event.accountId', '=', accountId)
    .where('event.cameraId', '=', cameraId)
    .where('event.id', '=', eventId)
    .where('event.deletedAt', 'is', null)
    .executeTakeFirst();
}

function placeOf({ accountId, cameraId, id }: EventRow) {
  return { accountId, cameraId, eventId: id };
}

function nameFile(
  reply: FastifyReply,
  { cameraName, startedAt, timeZone }: ShownEvent,
  extension: 'jpg' | 'mp4' | 'webm',
): void {
  const name = recordingFileName({ cameraName, startedAt, timeZone, extension });
  reply.header('content-disposition', `attachment; filename="${name}"`);
}
