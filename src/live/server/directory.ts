/** Ids and accounts enter; the stored cameras that a socket may have to do with leave, the owner checked in the query. */
import type { CameraPresence, Presence } from '../../cameras/shared/presence.ts';
import { type Camera, CameraSettings } from '../../cameras/shared/schema.ts';
import type { Database } from '../../ports/database/database.ts';

/** A camera that may open a socket. */
export interface KnownCamera {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  /** JWK, JSON. */
  readonly publicKey: string;
  readonly settings: CameraSettings;
  readonly revoked: boolean;
}

export interface Directory {
  camera(cameraId: string): Promise<KnownCamera | null>;
  /** Whether this camera is in use and of this account. */
  owns(accountId: string, cameraId: string): Promise<boolean>;
  /** All cameras in use of an account, oldest first. */
  camerasOf(accountId: string): Promise<Camera[]>;
  /** Those of these cameras that are in use still. */
  stillInUse(cameraIds: readonly string[]): Promise<ReadonlySet<string>>;
}

export function createDirectory(db: Database, presence: Presence): Directory {
  return {
    async camera(cameraId) {
      const row = await db.selectFrom('camera').selectAll().where('id', '=', cameraId).executeTakeFirst();
      if (!row) return null;
      const { id, accountId, name, publicKey } = row;
      return { id, accountId, name, publicKey, settings: settingsOf(row.settings), revoked: row.revokedAt !== null };
    },
    async owns(accountId, cameraId) {
      const row = await db
        .selectFrom('camera')
        .select('id')
        .where('id', '=', cameraId)
        .where('accountId', '=', accountId)
        .where('revokedAt', 'is', null)
        .executeTakeFirst();
      return row !== undefined;
    },
    async camerasOf(accountId) {
      const rows = await db
        .selectFrom('camera')
        .selectAll()
        .where('accountId', '=', accountId)
        .where('revokedAt', 'is', null)
        .orderBy('createdAt')
        .orderBy('id')
        .execute();
      return rows.map((row) => {
        const now = presence.of(row.id);
        return {
          id: row.id,
          name: row.name,
          settings: shownSettings(settingsOf(row.settings), now),
          createdAt: Number(row.createdAt),
          state: now?.state ?? 'offline',
          motion: now?.motion ?? false,
          lastSeenAt: now?.lastSeenAt ?? (row.lastSeenAt === null ? null : Number(row.lastSeenAt)),
        };
      });
    },
    async stillInUse(cameraIds) {
      if (cameraIds.length === 0) return new Set();
      const rows = await db
        .selectFrom('camera')
        .select('id')
        .where('id', 'in', cameraIds)
        .where('revokedAt', 'is', null)
        .execute();
      return new Set(rows.map((row) => row.id));
    },
  };
}

/** Streaming is on for a viewer where the stored setting and, while it is online, the camera itself say so. */
function shownSettings(settings: CameraSettings, now: CameraPresence | null): CameraSettings {
  const camera = now === null || now.state === 'offline' || now.streaming;
  return { ...settings, streaming: settings.streaming && camera };
}

function settingsOf(stored: string): CameraSettings {
  return CameraSettings.parse(JSON.parse(stored));
}
