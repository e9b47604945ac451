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
  clipType: string | null;
  clipComplete: Generated<number>;
  /** Set: the person deleted it. The row stays so that a late upload does not bring it back; its media go. */
  deletedAt: number | null;
}

export interface ClipPartTable {
  cameraId: string;
  eventId: string;
  n: number;
  bytes: number;
  sha256: string;
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
  /** The message, RFC 5322, base64. */
  source: string;
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

export interface Tables {
  camera: CameraTable;
  event: EventTable;
  clipPart: ClipPartTable;
  delivery: DeliveryTable;
  mailbox: MailboxTable;
  setting: SettingTable;
  user: UserTable;
}
