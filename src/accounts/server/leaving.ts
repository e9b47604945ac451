/** An account enters; all that is kept of it leaves as one document, or goes for good. */
import type { Database } from '../../ports/database/database.ts';
import { settleErased } from '../../ports/database/settle.ts';
import type { Account } from '../shared/account.ts';
import { millisOf } from './columns.ts';
import { noteErased } from './erased.ts';

/** Events in an export at most, newest first. */
const EVENTS_MAX = 100_000;

/** Everything that the server keeps of an account but the pictures, which the events page downloads one by one. */
export async function exportOf(db: Database, account: Account): Promise<Record<string, unknown>> {
  const [user, sessions, cameras, events, deliveries, mails] = await Promise.all([
    db.selectFrom('user').where('id', '=', account.id).select(['createdAt', 'locale']).executeTakeFirstOrThrow(),
    db
      .selectFrom('session')
      .where('userId', '=', account.id)
      .select(['createdAt', 'updatedAt', 'ipAddress', 'userAgent'])
      .execute(),
    db
      .selectFrom('camera')
      .where('accountId', '=', account.id)
      .select(['id', 'name', 'settings', 'createdAt', 'lastSeenAt', 'revokedAt'])
      .execute(),
    db
      .selectFrom('event')
      .where('accountId', '=', account.id)
      .where('deletedAt', 'is', null)
      .select([
        'cameraId',
        'id',
        'kind',
        'startedAt',
        'endedAt',
        'receivedAt',
        'timeZone',
        'score',
        'reason',
        'boxes',
        'photoBytes',
        'clipType',
      ])
      .orderBy('startedAt', 'desc')
      .limit(EVENTS_MAX)
      .execute(),
    db
      .selectFrom('delivery')
      .where('accountId', '=', account.id)
      .select(['kind', 'channel', 'recipient', 'state', 'createdAt', 'sentAt', 'errorText'])
      .execute(),
    db.selectFrom('mailbox').where('accountId', '=', account.id).select(['subject', 'receivedAt']).execute(),
  ]);
  return {
    version: 1,
    account: {
      id: account.id,
      email: account.email,
      locale: user.locale,
      isOwner: account.isOwner,
      emailVerified: account.emailVerified,
      createdAt: iso(millisOf(user.createdAt)),
    },
    sessions: sessions.map((row) => ({
      ...row,
      createdAt: iso(millisOf(row.createdAt)),
      updatedAt: iso(millisOf(row.updatedAt)),
    })),
    cameras: cameras.map((row) => ({
      ...row,
      settings: JSON.parse(row.settings) as unknown,
      createdAt: iso(row.createdAt),
      lastSeenAt: iso(row.lastSeenAt),
      revokedAt: iso(row.revokedAt),
    })),
    events: events.map((row) => ({
      ...row,
      startedAt: iso(row.startedAt),
      endedAt: iso(row.endedAt),
      receivedAt: iso(row.receivedAt),
      reason: JSON.parse(row.reason) as unknown,
      boxes: JSON.parse(row.boxes) as unknown,
    })),
    deliveries: deliveries.map((row) => ({ ...row, createdAt: iso(row.createdAt), sentAt: iso(row.sentAt) })),
    mailbox: mails.map((row) => ({ ...row, receivedAt: iso(row.receivedAt) })),
  };
}

function iso<T extends number | null>(epochMillis: T): string | (T & null) {
  return (epochMillis === null ? null : new Date(Number(epochMillis)).toISOString()) as string | (T & null);
}

/**
 * Erases an account's rows: cameras, events, deliveries, mails, sessions, links. Its pictures on disk are the caller's next step,
 * and noted, so that the sweeping finishes it where the caller could not.
 * A server whose last account went is new again: the next one made owns it.
 * @returns the ids of its cameras
 */
export async function eraseRows(db: Database, account: Account, now: number): Promise<string[]> {
  const cameraIds = await db.transaction().execute(async (trx) => {
    await trx
      .deleteFrom('delivery')
      .where((or) => or.or([or('accountId', '=', account.id), or('recipient', '=', account.email)]))
      .execute();
    await trx.deleteFrom('mailbox').where('accountId', '=', account.id).execute();
    await trx.deleteFrom('event').where('accountId', '=', account.id).execute();
    const cameras = await trx.deleteFrom('camera').where('accountId', '=', account.id).returning('id').execute();
    await trx.deleteFrom('session').where('userId', '=', account.id).execute();
    await trx.deleteFrom('account').where('userId', '=', account.id).execute();
    await trx.deleteFrom('user').where('id', '=', account.id).execute();
    const left = await trx.selectFrom('user').select('id').limit(1).executeTakeFirst();
    await noteErased(trx, account.id, now);
    if (!left) await trx.deleteFrom('setting').where('key', '=', 'owner').execute();
    return cameras.map(({ id }) => id);
  });
  await settleErased(db);
  return cameraIds;
}
