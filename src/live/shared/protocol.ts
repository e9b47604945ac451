/**
 * What cameras and viewers say over their WebSockets: unknown text or bytes enter, checked messages leave.
 *
 * `wss://…/api/live/camera` is a camera's socket: challenge, proof, then beats, settings and, while somebody
 * watches, chunks. `wss://…/api/live/watch` is a viewer's (session cookie, same origin). Text frames are JSON,
 * binary frames are one encoded chunk each (`chunk.ts`).
 */
import { z } from 'zod';
import { Camera, CameraSettings, CameraState, Uuid } from '../../cameras/shared/schema.ts';

export const PROTOCOL_VERSION = 1;

/** `codec` of a camera without WebCodecs: every binary frame is a whole JPEG picture. */
export const JPEG_CODEC = 'jpeg';

/** Why a socket was closed: codes of its close frame (RFC 6455 § 7.4.2, private use). */
export const CLOSE = {
  /** A message that is not of this protocol, or out of turn. */
  protocol: 4400,
  /** The viewer's session has ended: sign in again. */
  sessionEnded: 4401,
  /** The camera did not prove that it holds its key. */
  signatureInvalid: 4403,
  /** The answer took longer than the server waits. */
  deadline: 4408,
  /** Another socket of the same camera took over. */
  replaced: 4409,
  /** The account removed this camera. */
  revoked: 4410,
} as const;

/** Configuration of a decoder, as VideoDecoderConfig of WebCodecs; `description` in base64. */
export const VideoConfig = z
  .object({
    /** Codec string as WebCodecs takes it, or {@link JPEG_CODEC}. */
    codec: z.string().max(64),
    codedWidth: z.number().int().positive().max(8192),
    codedHeight: z.number().int().positive().max(8192),
    description: z.base64().max(4096).optional(),
  })
  .strict();
export type VideoConfig = z.infer<typeof VideoConfig>;

/** Camera → server. */
export const CameraMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), version: z.literal(PROTOCOL_VERSION), cameraId: Uuid }).strict(),
  /** Answer to `challenge`: signature (r‖s, base64) over `socketChallenge(cameraId, nonce)`. */
  z.object({ type: z.literal('proof'), signature: z.string().max(128) }).strict(),
  /** Every few seconds, and at once when something changes. `sentAt`: the camera's clock, ms since 1970. */
  z
    .object({
      type: z.literal('beat'),
      sentAt: z.number(),
      state: CameraState,
      motion: z.boolean(),
      /** Whether the camera's page lets viewers watch. */
      streaming: z.boolean(),
      /** Events and parts that wait on the camera's disk. */
      queued: z.number().int().min(0),
    })
    .strict(),
  /** Before the first chunk and whenever the encoder's configuration changes. */
  z.object({ type: z.literal('config'), rung: z.literal(0), video: VideoConfig }).strict(),
]);
export type CameraMessage = z.infer<typeof CameraMessage>;

/** Server → camera. */
export const ToCameraMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('challenge'), nonce: z.string().max(128) }),
  /** Proven; `settings` as the server has them, `serverNow` for the clock's offset. */
  z.object({ type: z.literal('ready'), name: z.string(), settings: CameraSettings, serverNow: z.number() }),
  /** Answer to each beat: the beat's `sentAt` and the server's time, ms since 1970. */
  z.object({ type: z.literal('beat'), sentAt: z.number(), serverNow: z.number() }),
  /** How many watch now: publish from 1 on, stop at 0. `key`: begin with a key frame. */
  z.object({ type: z.literal('watched'), viewers: z.number().int().min(0), key: z.boolean() }),
  z.object({ type: z.literal('settings'), name: z.string(), settings: CameraSettings }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
]);
export type ToCameraMessage = z.infer<typeof ToCameraMessage>;

/** Viewer → server. */
export const ViewerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), version: z.literal(PROTOCOL_VERSION) }).strict(),
  z.object({ type: z.literal('watch'), cameraId: Uuid }).strict(),
  z.object({ type: z.literal('leave'), cameraId: Uuid }).strict(),
  /** For the clock's offset. */
  z.object({ type: z.literal('ping'), sentAt: z.number() }).strict(),
]);
export type ViewerMessage = z.infer<typeof ViewerMessage>;

/** Server → viewer. */
export const ToViewerMessage = z.discriminatedUnion('type', [
  /** All cameras of the account; again, whole, whenever one changes. */
  z.object({ type: z.literal('cameras'), cameras: z.array(Camera), serverNow: z.number() }),
  z.object({ type: z.literal('pong'), sentAt: z.number(), serverNow: z.number() }),
  /** Binary chunks that carry this `channel` belong to this camera, and decode with `video`. */
  z.object({
    type: z.literal('config'),
    cameraId: Uuid,
    channel: z.number().int().min(0).max(65535),
    video: VideoConfig,
  }),
  /** An event of the account has begun, changed or gained a part. */
  z.object({ type: z.literal('event'), cameraId: Uuid, eventId: Uuid }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string(), cameraId: Uuid.optional() }),
]);
export type ToViewerMessage = z.infer<typeof ToViewerMessage>;
