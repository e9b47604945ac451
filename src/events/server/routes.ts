/** Requests about events enter: facts from cameras, questions from people; receipts and timelines leave. */
import { z } from 'zod';
import type { CameraAuthority } from '../../cameras/server/authority.ts';
import type { AccountGate } from '../../cameras/server/routes.ts';
import { checkSignatures } from '../../cameras/server/signed-json.ts';
import { Uuid } from '../../cameras/shared/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { ApiError, refusals } from '../../ports/errors.ts';
import type { App } from '../../server/app-type.ts';
import { EventFacts, EventReceipt, Timeline, TimelineEvent } from '../shared/schema.ts';
import type { Announcements } from './announcements.ts';
import { parseCursor } from './cursor.ts';
import { deleteEvent, restoreEvent } from './deletion.ts';
import { type AlarmQueue, type EventRow, storeFacts } from './facts.ts';
import { timelineEventOf, timelineOf } from './timeline.ts';

export interface EventServices {
  readonly db: Database;
  readonly clock: Clock;
  readonly accounts: AccountGate;
  readonly authority: CameraAuthority;
  readonly alarms: AlarmQueue;
  readonly announcements: Announcements;
}

const EventParams = z.object({ cameraId: Uuid, eventId: Uuid });
const TimelineQuerystring = z
  .object({
    camera: Uuid.optional(),
    before: z.string().max(120).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(30),
  })
  .strict();

/** Adds the routes of events; photos and clips are `recordingRoutes`. */
export function eventRoutes(app: App, services: EventServices): void {
  app.register(async (scope) => {
    factsRoute(scope, services);
    timelineRoutes(scope, services);
    deletionRoutes(scope, services);
  });
}

function factsRoute(app: App, services: EventServices): void {
  const { clock, announcements } = services;
  const signers = checkSignatures(app, services.authority);
  app.put(
    '/api/events/:eventId',
    {
      schema: {
        tags: ['events'],
        description:
          'The facts of an event of the camera that signs; the same twice is one. 2xx: on disk, its alarm queued. 204: the person deleted it, send nothing more of it.',
        security: [{ camera: [] }],
        params: z.object({ eventId: Uuid }),
        body: EventFacts,
        response: {
          200: EventReceipt,
          201: EventReceipt,
          204: z.undefined(),
          ...refusals(400, 401, 403, 409, 413, 415),
        },
      },
    },
    async (request, reply) => {
      const camera = signers.require(request);
      const { eventId } = request.params;
      const stored = await storeFacts(services, camera, eventId, request.body);
      if (stored.outcome === 'deleted') return reply.code(204).send();
      if (stored.outcome !== 'same')
        announcements.emit({ accountId: stored.row.accountId, cameraId: camera.cameraId, eventId });
      return reply.code(stored.outcome === 'new' ? 201 : 200).send(receiptOf(stored.row, clock.now()));
    },
  );
}

function timelineRoutes(app: App, { db, accounts }: EventServices): void {
  app.get(
    '/api/events',
    {
      schema: {
        tags: ['events'],
        description: 'The timeline of the account, newest first. Pass `next` as `before` for the page after.',
        querystring: TimelineQuerystring,
        response: { 200: Timeline, ...refusals(400, 401) },
      },
    },
    async (request) => {
      const account = await accounts.requireAccount(request);
      const { camera, before: text, limit } = request.query;
      const before = text === undefined ? undefined : parseCursor(text);
      if (before === null)
        throw new ApiError(400, 'invalid', 'Some values are not accepted.', {
          before: 'not what an earlier page gave as next',
        });
      return timelineOf(db, account.id, { cameraId: camera, before, limit });
    },
  );

  app.get(
    '/api/cameras/:cameraId/events/:eventId',
    {
      schema: {
        tags: ['events'],
        description: 'One event of the account.',
        params: EventParams,
        response: { 200: TimelineEvent, ...refusals(400, 401, 404) },
      },
    },
    async (request) => {
      const account = await accounts.requireAccount(request);
      const { cameraId, eventId } = request.params;
      const event = await timelineEventOf(db, account.id, cameraId, eventId);
      if (!event) throw unknownEvent();
      return event;
    },
  );
}

function deletionRoutes(app: App, { db, clock, accounts, announcements }: EventServices): void {
  app.delete(
    '/api/cameras/:cameraId/events/:eventId',
    {
      schema: {
        tags: ['events'],
        description: 'Deletes an event with photo and clip. For ten minutes it can be restored.',
        params: EventParams,
        response: { 204: z.undefined(), ...refusals(400, 401, 404) },
      },
    },
    async (request, reply) => {
      const account = await accounts.requireAccount(request);
      const { cameraId, eventId } = request.params;
      if (!(await deleteEvent(db, clock, account.id, cameraId, eventId))) throw unknownEvent();
      announcements.emit({ accountId: account.id, cameraId, eventId });
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/cameras/:cameraId/events/:eventId/restore',
    {
      schema: {
        tags: ['events'],
        description: 'Undoes a deletion, within ten minutes.',
        params: EventParams,
        response: { 204: z.undefined(), ...refusals(400, 401, 404, 410) },
      },
    },
    async (request, reply) => {
      const account = await accounts.requireAccount(request);
      const { cameraId, eventId } = request.params;
      const outcome = await restoreEvent(db, clock, account.id, cameraId, eventId);
      if (outcome === 'unknown') throw unknownEvent();
      if (outcome === 'late')
        throw new ApiError(410, 'restore-too-late', 'It was deleted more than ten minutes ago and is gone.');
      announcements.emit({ accountId: account.id, cameraId, eventId });
      return reply.code(204).send();
    },
  );
}

function receiptOf(row: EventRow, serverNow: number): EventReceipt {
  const { receivedAt, endedAt, clipParts, clipLast, photoSha256 } = row;
  return {
    receivedAt,
    serverNow,
    endedAt,
    hasPhoto: photoSha256 !== null,
    clipParts,
    clipComplete: clipLast !== null && clipParts > clipLast,
  };
}

function unknownEvent(): ApiError {
  return new ApiError(404, 'event-unknown', 'This account has no such event.');
}
