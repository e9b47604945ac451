/** An empty database enters; the first version's tables leave, the same on SQLite and PostgreSQL. */
import { type Kysely, sql } from 'kysely';
import { isPostgres } from '../kind.ts';

/** Makes the tables that `schema.ts` describes, with an index for every query that the features make. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await accounts(db);
  await cameras(db);
  await events(db);
  await deliveries(db);
  await db.schema
    .createTable('setting')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
}

/** The tables of Better Auth 1.7 (its core schema with `rateLimit` in the database), with our two columns on `user`. */
async function accounts(db: Kysely<unknown>): Promise<void> {
  const date = isPostgres(db) ? 'timestamptz' : 'text';
  const flag = isPostgres(db) ? 'boolean' : 'integer';
  const no = isPostgres(db) ? false : 0;

  await db.schema
    .createTable('user')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('emailVerified', flag, (column) => column.notNull().defaultTo(no))
    .addColumn('image', 'text')
    .addColumn('createdAt', date, (column) => column.notNull())
    .addColumn('updatedAt', date, (column) => column.notNull())
    .addColumn('locale', 'text')
    .addColumn('isOwner', flag, (column) => column.notNull().defaultTo(no))
    .execute();

  await db.schema
    .createTable('session')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('expiresAt', date, (column) => column.notNull())
    .addColumn('token', 'text', (column) => column.notNull().unique())
    .addColumn('createdAt', date, (column) => column.notNull())
    .addColumn('updatedAt', date, (column) => column.notNull())
    .addColumn('ipAddress', 'text')
    .addColumn('userAgent', 'text')
    .addColumn('userId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .execute();
  await db.schema.createIndex('sessionUser').on('session').column('userId').execute();

  await db.schema
    .createTable('account')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('accountId', 'text', (column) => column.notNull())
    .addColumn('providerId', 'text', (column) => column.notNull())
    .addColumn('userId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .addColumn('accessToken', 'text')
    .addColumn('refreshToken', 'text')
    .addColumn('idToken', 'text')
    .addColumn('accessTokenExpiresAt', date)
    .addColumn('refreshTokenExpiresAt', date)
    .addColumn('scope', 'text')
    .addColumn('password', 'text')
    .addColumn('createdAt', date, (column) => column.notNull())
    .addColumn('updatedAt', date, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('accountUser').on('account').column('userId').execute();
  await db.schema.createIndex('accountProvider').on('account').columns(['providerId', 'accountId']).execute();

  await db.schema
    .createTable('verification')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('identifier', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('expiresAt', date, (column) => column.notNull())
    .addColumn('createdAt', date, (column) => column.notNull())
    .addColumn('updatedAt', date, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('verificationIdentifier').on('verification').column('identifier').execute();
  await db.schema.createIndex('verificationExpiry').on('verification').column('expiresAt').execute();

  await db.schema
    .createTable('rateLimit')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('key', 'text', (column) => column.notNull().unique())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('lastRequest', 'bigint', (column) => column.notNull())
    .execute();
}

async function cameras(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('camera')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('accountId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('publicKey', 'text', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('lastSeenAt', 'bigint')
    .addColumn('revokedAt', 'bigint')
    .execute();
  await db.schema.createIndex('cameraAccount').on('camera').columns(['accountId', 'createdAt']).execute();
}

async function events(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('event')
    .addColumn('cameraId', 'text', (column) => column.notNull().references('camera.id').onDelete('cascade'))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('accountId', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('startedAt', 'bigint', (column) => column.notNull())
    .addColumn('endedAt', 'bigint')
    .addColumn('receivedAt', 'bigint', (column) => column.notNull())
    .addColumn('clockOffset', 'bigint', (column) => column.notNull())
    .addColumn('timeZone', 'text', (column) => column.notNull())
    .addColumn('score', 'double precision', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('boxes', 'text', (column) => column.notNull())
    .addColumn('photoBytes', 'integer')
    .addColumn('photoSha256', 'text')
    .addColumn('clipType', 'text')
    .addColumn('clipParts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('clipLast', 'integer')
    .addColumn('continues', 'text')
    .addColumn('deletedAt', 'bigint')
    .addColumn('mediaRemovedAt', 'bigint')
    .addPrimaryKeyConstraint('eventKey', ['cameraId', 'id'])
    .execute();
  const shown = sql<boolean>`"deletedAt" is null`;
  await db.schema
    .createIndex('eventTimeline')
    .on('event')
    .columns(['accountId', 'startedAt', 'id', 'cameraId'])
    .where(shown)
    .execute();
  await db.schema
    .createIndex('eventCameraTimeline')
    .on('event')
    .columns(['cameraId', 'startedAt', 'id'])
    .where(shown)
    .execute();
  await db.schema.createIndex('eventRetention').on('event').column('receivedAt').where(shown).execute();
  await db.schema
    .createIndex('eventRemoval')
    .on('event')
    .column('deletedAt')
    .where(sql<boolean>`"deletedAt" is not null`)
    .execute();

  await db.schema
    .createTable('clipPart')
    .addColumn('cameraId', 'text', (column) => column.notNull())
    .addColumn('eventId', 'text', (column) => column.notNull())
    .addColumn('n', 'integer', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('arrivedAt', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('clipPartKey', ['cameraId', 'eventId', 'n'])
    .addForeignKeyConstraint('clipPartEvent', ['cameraId', 'eventId'], 'event', ['cameraId', 'id'], (constraint) =>
      constraint.onDelete('cascade'),
    )
    .execute();
}

async function deliveries(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('delivery')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('accountId', 'text', (column) => column.references('user.id').onDelete('cascade'))
    .addColumn('cameraId', 'text')
    .addColumn('eventId', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('recipient', 'text', (column) => column.notNull())
    .addColumn('locale', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('priority', 'integer', (column) => column.notNull().defaultTo(5))
    .addColumn('nextAttemptAt', 'bigint', (column) => column.notNull())
    .addColumn('messageId', 'text', (column) => column.notNull())
    .addColumn('errorCode', 'text')
    .addColumn('errorText', 'text')
    .addColumn('repeats', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('sentAt', 'bigint')
    .execute();
  await db.schema.createIndex('deliveryDue').on('delivery').columns(['state', 'priority', 'nextAttemptAt']).execute();
  await db.schema.createIndex('deliveryEvent').on('delivery').columns(['cameraId', 'eventId']).execute();
  await db.schema.createIndex('deliveryAccount').on('delivery').columns(['accountId', 'createdAt']).execute();

  await db.schema
    .createTable('mailbox')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('accountId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('receivedAt', 'bigint', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('mailboxAccount').on('mailbox').columns(['accountId', 'receivedAt']).execute();
}
