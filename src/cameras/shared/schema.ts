/** What a camera's registration, settings and description look like on the wire: unknown enters, checked values leave. */
import { z } from 'zod';

// Pages forbid eval (Content-Security-Policy); zod would try it there to see. Every schema of the wire begins with this file.
if (!('process' in globalThis)) z.config({ jitless: true });

/** A UUID in lower case, any version. */
export const Uuid = z.uuid().regex(/^[0-9a-f-]+$/, 'lower case');

/** Public half of the camera's P-256 key as a JWK (RFC 7517, RFC 7518 § 6.2). */
export const PublicKeyJwk = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  y: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export type PublicKeyJwk = z.infer<typeof PublicKeyJwk>;

/** A point of the picture, 0..1 from its top left corner, whatever the resolution. */
const Point = z.object({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) }).strict();
/** A polygon to black out (mask), in picture fractions; at least three corners. */
const Polygon = z.array(Point).min(3).max(64);

export const Sensitivity = z.enum(['cat', 'person', 'near']);
export type Sensitivity = z.infer<typeof Sensitivity>;

/** The settings one by one, without what they are where nobody set them. */
const FIELDS = {
  /** Before arming, whole seconds, 0..3600. */
  startDelaySeconds: z.number().int().min(0).max(3600),
  /** Whether viewers of the account may see this camera live. Only the camera's own page turns it on. */
  streaming: z.boolean(),
  /** Whether photos and clips are also kept on the camera's machine. */
  saveHere: z.boolean(),
  /** Whether the names of files saved there leave the address out. */
  omitAddressInFileNames: z.boolean(),
  sensitivity: Sensitivity,
  /** Percentage of changed pixels above which the camera alarms, 0.05..50; null: the sensitivity's own. */
  thresholdPercent: z.number().min(0.05).max(50).nullable(),
  /** Parts of the picture that nobody ever sees, burnt in before all else. */
  masks: z.array(Polygon).max(32),
};

/** What the person sets for a camera; kept on the camera and on the server. */
export const CameraSettings = z
  .object({
    startDelaySeconds: FIELDS.startDelaySeconds.default(0),
    streaming: FIELDS.streaming.default(false),
    saveHere: FIELDS.saveHere.default(false),
    omitAddressInFileNames: FIELDS.omitAddressInFileNames.default(false),
    sensitivity: FIELDS.sensitivity.default('person'),
    thresholdPercent: FIELDS.thresholdPercent.default(null),
    masks: FIELDS.masks.default([]),
  })
  .strict();
export type CameraSettings = z.infer<typeof CameraSettings>;

/** Without control characters: PostgreSQL keeps no NUL, and a name stands in a subject. */
export const CameraName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^\P{Cc}+$/u);

/** Body of `POST /api/cameras`: sent once, by a signed-in page, for this browser's key. */
export const CameraRegistration = z
  .object({ name: CameraName, publicKey: PublicKeyJwk, settings: CameraSettings.optional() })
  .strict();
export type CameraRegistration = z.infer<typeof CameraRegistration>;

/** Body of `PATCH /api/cameras/{id}`, by the account or signed by the camera itself. */
export const CameraChange = z
  .object({ name: CameraName.optional(), settings: z.object(FIELDS).partial().strict().optional() })
  .strict();
export type CameraChange = z.infer<typeof CameraChange>;

/** What a camera last said of itself over its socket, or `offline`. */
export const CameraState = z.enum(['offline', 'idle', 'starting', 'watching', 'blind']);
export type CameraState = z.infer<typeof CameraState>;

/** A camera as its account sees it. Times are milliseconds since 1970, UTC. */
export const Camera = z.object({
  id: Uuid,
  name: z.string(),
  settings: CameraSettings,
  createdAt: z.number().int(),
  state: CameraState,
  /** Whether a movement is going on right now. */
  motion: z.boolean(),
  /** Last beat or request; null: never. */
  lastSeenAt: z.number().int().nullable(),
});
export type Camera = z.infer<typeof Camera>;
