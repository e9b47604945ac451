/** Photos and clip parts enter from cameras; they leave to the account's people, as bytes that nobody here looks into. */
import { z } from 'zod';
import type { CameraAuthority } from '../../cameras/server/authority.ts';
import type { AccountGate } from '../../cameras/server/routes.ts';
import { Uuid } from '../../cameras/shared/schema.ts';
import type { Announcements } from '../../events/server/announcements.ts';
import { CLIP_PARTS_MAX } from '../../events/shared/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { refusals } from '../../ports/errors.ts';
import type { App } from '../../server/app-type.ts';
import { storeClipPart } from './clip-part.ts';
import type { MediaStore } from './media-store.ts';
import { storePhoto } from './photo.ts';
import { readingRoutes } from './reading-routes.ts';
import { createTurns } from './turns.ts';
import { admit } from './upload-guard.ts';

export interface RecordingServices {
  readonly db: Database;
  readonly clock: Clock;
  readonly accounts: AccountGate;
  readonly authority: CameraAuthority;
  readonly announcements: Announcements;
  readonly media: MediaStore;
  /** Rejects where the disk takes no more clips; left out: it always does. */
  readonly roomForClips?: () => Promise<void>;
  /** Told when a photo is on disk: an alarm may wait for it. */
  readonly onPhoto?: (cameraId: string, eventId: string) => void;
  /** A clip whose parts stop coming ends after this long, ms; left out: 15 s. */
  readonly stallMillis?: number;
}

/** Adds the routes of photos and clips, up and down. */
export function recordingRoutes(app: App, services: RecordingServices): void {
  app.register(async (scope) => uploadRoutes(scope, services));
  app.register(async (scope) => readingRoutes(scope, services));
}

const Answers = {
  200: z.undefined(),
  201: z.undefined(),
  204: z.undefined(),
  ...refusals(400, 401, 403, 409, 413, 415),
};

function uploadRoutes(app: App, services: RecordingServices): void {
  const { announcements, onPhoto } = services;
  const storing = { ...services, turns: createTurns() };
  // The bytes decide what it is, not the type that came with them; they go to disk as they come.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));

  app.put(
    '/api/events/:eventId/photo',
    {
      schema: {
        tags: ['recordings'],
        description:
          'The photo of an event: one JPEG, signed by the camera. 201: on disk. 200: it was there. 204: the person deleted the event.',
        security: [{ camera: [] }],
        consumes: ['image/jpeg'],
        params: z.object({ eventId: Uuid }),
        response: Answers,
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      const upload = await admit(request, eventId, services);
      const outcome = upload ? await storePhoto(request, upload, storing) : 'deleted';
      if (upload && outcome === 'new') {
        const { cameraId, accountId } = upload.event;
        onPhoto?.(cameraId, eventId);
        announcements.emit({ accountId, cameraId, eventId });
      }
      return reply.code(STATUS[outcome]).send();
    },
  );

  app.put(
    '/api/events/:eventId/clip/:n',
    {
      schema: {
        tags: ['recordings'],
        description:
          'Part n of the clip, signed by the camera: fragmented MP4 (part 0 with the header) or WebM, in any order. `last=1`: none comes after it.',
        security: [{ camera: [] }],
        consumes: ['video/mp4', 'video/webm'],
        params: z.object({
          eventId: Uuid,
          n: z.coerce
            .number()
            .int()
            .min(0)
            .max(CLIP_PARTS_MAX - 1),
        }),
        querystring: z.object({ last: z.enum(['0', '1']).default('0') }).strict(),
        response: { ...Answers, ...refusals(507) },
      },
    },
    async (request, reply) => {
      const { eventId, n } = request.params;
      const upload = await admit(request, eventId, services);
      await services.roomForClips?.();
      const outcome = upload
        ? await storeClipPart(request, upload, { n, isLast: request.query.last === '1' }, storing)
        : 'deleted';
      if (upload && outcome !== 'deleted')
        announcements.emit({ accountId: upload.event.accountId, cameraId: upload.event.cameraId, eventId });
      return reply.code(STATUS[outcome]).send(undefined);
    },
  );
}

const STATUS = { new: 201, same: 200, deleted: 204 } as const;
