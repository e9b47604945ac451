/** The facts of an intrusion on the wire: unknown enters, checked values leave. */
import { z } from 'zod';
import { Uuid } from '../../cameras/shared/schema.ts';

/** Milliseconds since 1970, UTC. */
const EpochMillis = z.number().int().min(0).max(8.64e15);

/** Box in fractions of the picture: x, y of the top left corner, width, height; each 0..1. */
const Box = z.tuple([
  z.number().min(0).max(1),
  z.number().min(0).max(1),
  z.number().min(0).max(1),
  z.number().min(0).max(1),
]);

/**
 * Body of `PUT /api/events/{uuid}`. Sent when the intrusion is confirmed and again when it is over;
 * the same facts twice are one event. What was said first stays, but for `endedAt`, which goes once from
 * null to a time; `score`, `reason` and `boxes` are those of the photo.
 */
export const EventFacts = z
  .object({
    version: z.literal(1),
    kind: z.enum(['intrusion', 'gap']).default('intrusion'),
    /** Capture time of the frame that confirmed it, by the camera's clock. */
    startedAt: EpochMillis,
    /** Capture time of the last frame of movement; null while it goes on. */
    endedAt: EpochMillis.nullable(),
    /** When this request left, by the camera's clock: with the server's own it gives the offset. */
    sentAt: EpochMillis,
    /** IANA zone of the camera: `Europe/Paris`. */
    timeZone: z.string().regex(/^[A-Za-z0-9_+/-]{1,64}$/),
    /** Changed pixels ÷ pixels, 0..1, at the photo. */
    score: z.number().min(0).max(1),
    /** Why: the detector's reason code and its numbers. */
    reason: z
      .object({
        code: z.string().regex(/^[a-z][a-zA-Z0-9-]{0,40}$/),
        values: z.record(z.string().max(40), z.union([z.number(), z.string().max(80)])),
      })
      .strict(),
    boxes: z.array(Box).max(16),
    /** Id of the event of this camera that was cut for its length and goes on as this one: it is told once. Null: a new one. */
    continues: Uuid.nullable().default(null),
  })
  .strict();
export type EventFacts = z.infer<typeof EventFacts>;

/** Answer of `PUT /api/events/{uuid}`: what the server has on disk, so that the camera sends what is missing. */
export const EventReceipt = z.object({
  /** When the facts arrived first, by the server's clock. */
  receivedAt: EpochMillis,
  serverNow: EpochMillis,
  endedAt: EpochMillis.nullable(),
  hasPhoto: z.boolean(),
  /** Clip parts in one piece from 0 on. */
  clipParts: z.number().int(),
  clipComplete: z.boolean(),
});
export type EventReceipt = z.infer<typeof EventReceipt>;

/** Bounds of what a camera may upload, bytes. */
export const PHOTO_BYTES_MAX = 4 * 1024 * 1024;
export const CLIP_PART_BYTES_MAX = 16 * 1024 * 1024;
/** Parts of one clip: an event is cut after two minutes, a part holds about two seconds. */
export const CLIP_PARTS_MAX = 256;

/** Media types of clip parts, by the bytes they begin with. */
export const ClipType = z.enum(['video/mp4', 'video/webm']);
export type ClipType = z.infer<typeof ClipType>;

/** How far one message about an event has come. */
export const DeliveryState = z.enum(['queued', 'sending', 'at-dot', 'sent', 'refused', 'unknown']);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** An event as its account sees it: an entry of the timeline. */
export const TimelineEvent = z.object({
  id: Uuid,
  cameraId: Uuid,
  cameraName: z.string(),
  kind: z.enum(['intrusion', 'gap']),
  startedAt: EpochMillis,
  endedAt: EpochMillis.nullable(),
  receivedAt: EpochMillis,
  timeZone: z.string(),
  score: z.number(),
  reason: EventFacts.shape.reason,
  boxes: EventFacts.shape.boxes,
  continues: Uuid.nullable(),
  /** Whether a photo has arrived: `GET /api/cameras/{cameraId}/events/{id}/photo`. */
  hasPhoto: z.boolean(),
  /** Clip parts that have arrived in one piece from 0 on: `GET …/clip` plays them. */
  clipParts: z.number().int(),
  clipType: ClipType.nullable(),
  /** Whether all clip parts have arrived, up to the last one (`PUT …/clip/{n}?last=1`). */
  clipComplete: z.boolean(),
  deliveries: z.array(
    z.object({
      channel: z.enum(['mail', 'mailbox']),
      recipient: z.string(),
      state: DeliveryState,
      /** When it was accepted; null: not yet. */
      sentAt: EpochMillis.nullable(),
      /** What the mail server said, where it refused. */
      error: z.string().nullable(),
    }),
  ),
});
export type TimelineEvent = z.infer<typeof TimelineEvent>;

/** Answer of `GET /api/events?camera=&before=&limit=`; newest first. */
export const Timeline = z.object({
  events: z.array(TimelineEvent),
  /** Pass as `before` for the next page; null: no more. */ next: z.string().nullable(),
});
export type Timeline = z.infer<typeof Timeline>;
