/** The tables, as Kysely sees them: the same on SQLite and PostgreSQL. Times are ms since 1970 (bigint), flags 0/1. */
import type { Generated } from 'kysely';

export interface CameraTable {
  id: string;
  accountId: string;
  name: string;
  /** JWK of the P-256 public key, JSON. */
  publicKey: string;
  /** CameraSettings, JSON. */
  settings: string;
  createdAt: number;
  lastSeenAt: number | null;
  /** Null: in use. A revoked camera can do nothing any more. */
  revokedAt: number | null;
}

export interface EventTable {
  cameraId: string;
  /** Made by the camera; unique with `cameraId` only. */
  id: string;
  accountId: string;
  kind: string;
  startedAt: number;
  endedAt: number | null;
  receivedAt: number;
  timeZone: string;
  score: number;
  /** JSON. */
  reason: string;
  /** JSON. */
  boxes: string;
  /** Bytes of the photo on disk; null: not arrived. */
  photoBytes: number | null;
  /** SHA-256 of the photo, hex. */
  photoSha256: string | null;
  /** `video/mp4` or `video/webm`, by the first part that arrived; null: none. */
  clipType: string | null;
  /** Parts that have arrived in one piece from 0 on. */
  clipParts: Generated<number>;
  /** Number of the part that the camera called its last; null: not said yet. */
  clipLast: number | null;
  /** The event before, that was cut for its length. */
  continues: string | null;
  /** Server's clock minus camera's clock when the facts arrived, ms: what is wrong with `startedAt`, network time aside. */
  clockOffset: number;
  /** Set: the person deleted it. The row stays so that a late upload does not bring it back; its media go. */
  deletedAt: number | null;
  /** Set: nothing of it is on disk any more; there is no way back from here. */
  mediaRemovedAt: number | null;
}

export interface ClipPartTable {
  cameraId: string;
  eventId: string;
  /** 0..CLIP_PARTS_MAX-1. */
  n: number;
  bytes: number;
  /** Hex. */
  sha256: string;
  arrivedAt: number;
}

export interface DeliveryTable {
  /** UUIDv7. */
  id: string;
  /** Null: a message to an address without account. */
  accountId: string | null;
  cameraId: string | null;
  eventId: string | null;
  /** 'alarm' | 'code' | 'known' | 'reset' | 'test'. */
  kind: string;
  channel: string;
  recipient: string;
  locale: string;
  /** What the message needs beside the event, JSON. */
  payload: string;
  state: string;
  attempts: Generated<number>;
  /** Smaller goes first: alarms 0, codes 0, the rest 5. */
  priority: Generated<number>;
  nextAttemptAt: number;
  /** RFC 5322 Message-ID with its angle brackets; fixed at creation, the same on every try. */
  messageId: string;
  errorCode: string | null;
  errorText: string | null;
  /** Times it was sent again because nobody can know whether the time before arrived. */
  repeats: Generated<number>;
  createdAt: number;
  sentAt: number | null;
}

/** A message kept in the app where no mail server is set. */
export interface MailboxTable {
  /** The delivery's id. */
  id: string;
  accountId: string;
  subject: string;
  receivedAt: number;
  /** The message, RFC 5322, as text (UTF-8), without the photo, which its event has. */
  source: string;
  /** What the page shows beside the subject, JSON: text, link, event. */
  payload: string;
}

export interface SettingTable {
  key: string;
  /** JSON, sealed where secret. */
  value: string;
}

/** Better Auth's own tables; columns as it names them. */
export interface UserTable {
  id: string;
  name: string;
  email: string;
  emailVerified: number | boolean;
  image: string | null;
  createdAt: string | Date;
  updatedAt: string | Date;
  /** 'en' | 'fr': the account's language. */
  locale: string | null;
  /** 1: the first account, which runs this server. */
  isOwner: number | boolean | null;
}

export interface SessionTable {
  id: string;
  expiresAt: string | Date;
  token: string;
  createdAt: string | Date;
  updatedAt: string | Date;
  ipAddress: string | null;
  userAgent: string | null;
  userId: string;
}

/** A way to sign in (password, …) of a user; not to be confused with what we call an account, which is the user. */
export interface AccountTable {
  id: string;
  accountId: string;
  providerId: string;
  userId: string;
  accessToken: string | null;
  refreshToken: string | null;
  idToken: string | null;
  accessTokenExpiresAt: string | Date | null;
  refreshTokenExpiresAt: string | Date | null;
  scope: string | null;
  password: string | null;
  createdAt: string | Date;
  updatedAt: string | Date;
}

export interface VerificationTable {
  id: string;
  identifier: string;
  value: string;
  expiresAt: string | Date;
  createdAt: string | Date;
  updatedAt: string | Date;
}

export interface RateLimitTable {
  id: string;
  key: string;
  count: number;
  lastRequest: number;
}

export interface Tables {
  camera: CameraTable;
  event: EventTable;
  clipPart: ClipPartTable;
  delivery: DeliveryTable;
  mailbox: MailboxTable;
  setting: SettingTable;
  user: UserTable;
  session: SessionTable;
  account: AccountTable;
  verification: VerificationTable;
  rateLimit: RateLimitTable;
}
