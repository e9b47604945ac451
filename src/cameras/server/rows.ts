/** Rows of the table `camera` enter and leave, always with the account they belong to. */
import type { Selectable } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import type { CameraTable } from '../../ports/database/schema.ts';
import type { Presence } from '../shared/presence.ts';
import { type Camera, type CameraChange, type CameraRegistration, CameraSettings } from '../shared/schema.ts';

export type CameraRow = Selectable<CameraTable>;

/** All cameras in use of an account, oldest first. */
export function camerasOf(db: Database, accountId: string): Promise<CameraRow[]> {
  return inUse(db, accountId).orderBy('createdAt').orderBy('id').execute();
}

/** A camera in use of an account; undefined where the account has none of that id. */
export function cameraOf(db: Database, accountId: string, cameraId: string): Promise<CameraRow | undefined> {
  return inUse(db, accountId).where('id', '=', cameraId).executeTakeFirst();
}

function inUse(db: Database, accountId: string) {
  return db.selectFrom('camera').selectAll().where('accountId', '=', accountId).where('revokedAt', 'is', null);
}

/** Adds a camera. The same key again in the same account is the camera that it is already. */
export function addCamera(
  db: Database,
  clock: Clock,
  accountId: string,
  wanted: CameraRegistration,
): Promise<{ row: CameraRow; isNew: boolean }> {
  const { kty, crv, x, y } = wanted.publicKey;
  const publicKey = JSON.stringify({ kty, crv, x, y });
  return db.transaction().execute(async (trx) => {
    const known = await inUse(trx, accountId).where('publicKey', '=', publicKey).executeTakeFirst();
    if (known) return { row: known, isNew: false };
    const row: CameraRow = {
      id: uuidv7(),
      accountId,
      name: wanted.name,
      publicKey,
      settings: JSON.stringify(wanted.settings ?? CameraSettings.parse({})),
      createdAt: clock.now(),
      lastSeenAt: null,
      revokedAt: null,
    };
    await trx.insertInto('camera').values(row).execute();
    return { row, isNew: true };
  });
}

/** Changes name and the settings that are named; undefined where the account has no such camera. */
export function changeCamera(
  db: Database,
  accountId: string,
  cameraId: string,
  change: CameraChange,
): Promise<CameraRow | undefined> {
  return db.transaction().execute(async (trx) => {
    const row = await cameraOf(trx, accountId, cameraId);
    if (!row) return undefined;
    const settings = CameraSettings.parse({ ...readSettings(row.settings), ...change.settings });
    return trx
      .updateTable('camera')
      .set({ name: change.name ?? row.name, settings: JSON.stringify(settings) })
      .where('id', '=', cameraId)
      .where('accountId', '=', accountId)
      .returningAll()
      .executeTakeFirst();
  });
}

/** Takes a camera's key out of use, for good; its events stay. False where the account has no such camera. */
export async function revokeCamera(db: Database, clock: Clock, accountId: string, cameraId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('camera')
    .set({ revokedAt: clock.now() })
    .where('id', '=', cameraId)
    .where('accountId', '=', accountId)
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** A camera as its account sees it, with what it last said of itself. */
export function toCamera(row: CameraRow, presence: Presence): Camera {
  const now = presence.of(row.id);
  return {
    id: row.id,
    name: row.name,
    settings: readSettings(row.settings),
    createdAt: row.createdAt,
    state: now?.state ?? 'offline',
    motion: now?.motion ?? false,
    lastSeenAt: now?.lastSeenAt ?? row.lastSeenAt,
  };
}

function readSettings(stored: string): CameraSettings {
  return CameraSettings.parse(JSON.parse(stored));
}
