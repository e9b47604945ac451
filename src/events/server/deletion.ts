/** An event that a person wants gone, or back, enters; it is marked so. Its media go later (`recordings/server/janitor.ts`). */
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';

/** How long a deletion can be undone, ms. */
export const UNDO_MILLIS = 10 * 60 * 1000;

/** Marks an event as deleted; its row stays, so that a late upload does not bring it back. False: the account has none of that id. */
export async function deleteEvent(
  db: Database,
  clock: Clock,
  accountId: string,
  cameraId: string,
  eventId: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('event')
    .set((row) => ({ deletedAt: row.fn.coalesce('deletedAt', row.val(clock.now())) }))
    .where('accountId', '=', accountId)
    .where('cameraId', '=', cameraId)
    .where('id', '=', eventId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Undoes a deletion within {@link UNDO_MILLIS}. `late`: it is past that; `unknown`: the account has none of that id. */
export async function restoreEvent(
  db: Database,
  clock: Clock,
  accountId: string,
  cameraId: string,
  eventId: string,
): Promise<'restored' | 'late' | 'unknown'> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('event')
      .select('deletedAt')
      .where('accountId', '=', accountId)
      .where('cameraId', '=', cameraId)
      .where('id', '=', eventId)
      .executeTakeFirst();
    if (!row) return 'unknown';
    if (row.deletedAt === null) return 'restored';
    if (clock.now() - row.deletedAt > UNDO_MILLIS) return 'late';
    await trx
      .updateTable('event')
      .set({ deletedAt: null })
      .where('cameraId', '=', cameraId)
      .where('id', '=', eventId)
      .execute();
    return 'restored';
  });
}
