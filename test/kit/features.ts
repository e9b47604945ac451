/** Nothing enters; the server's cameras, events and recordings leave, on a real database and disk, with people of the test's making. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCameraAuthority } from '../../src/cameras/server/authority.ts';
import { type CameraChanges, createCameraChanges } from '../../src/cameras/server/changes.ts';
import { createPresence } from '../../src/cameras/server/presence.ts';
import { cameraRoutes } from '../../src/cameras/server/routes.ts';
import { type Announcements, createAnnouncements } from '../../src/events/server/announcements.ts';
import type { AlarmAccount, EventRow } from '../../src/events/server/facts.ts';
import { eventRoutes } from '../../src/events/server/routes.ts';
import { type Clock, systemClock } from '../../src/ports/clock.ts';
import { type Database, openDatabase } from '../../src/ports/database/database.ts';
import { migrate } from '../../src/ports/database/migrate.ts';
import { ApiError } from '../../src/ports/errors.ts';
import { createDiskReserve } from '../../src/recordings/server/disk-reserve.ts';
import { type MediaStore, openMediaStore } from '../../src/recordings/server/media-store.ts';
import { recordingRoutes } from '../../src/recordings/server/routes.ts';
import type { App } from '../../src/server/app-type.ts';
import { readConfig } from '../../src/server/config.ts';
import { createApp } from '../../src/server/http.ts';
import { registerCamera, type TestCamera, type Transport } from './camera.ts';

export interface FeaturesOptions {
  readonly clock?: Clock;
  /** A clip whose parts stop coming ends after this long, ms. */
  readonly stallMillis?: number;
  /** Bytes that the disk has left; left out: the real disk's. */
  readonly freeBytes?: () => number;
  /** `postgres://…`; left out: a SQLite file in the temporary folder. */
  readonly databaseUrl?: string;
  /** Inside the transaction that stores an event; left out: the call is noted in `alarms`. */
  readonly queueAlarm?: (trx: Database, event: EventRow, account: AlarmAccount) => Promise<unknown>;
}

/** Routes without accounts and mail: who is signed in says the header `x-test-account`. */
export interface Features {
  readonly app: App;
  readonly db: Database;
  readonly media: MediaStore;
  readonly folder: string;
  readonly changes: CameraChanges;
  readonly announcements: Announcements;
  /** Alarms that were queued, in order. */
  readonly alarms: { readonly event: EventRow; readonly account: AlarmAccount }[];
  /** Events whose photo arrived, in order. */
  readonly photos: string[];
  /** Requests without a socket. */
  readonly transport: Transport;
  /** Adds a person; returns the header that signs them in. */
  person(id: string, locale?: 'en' | 'fr'): Promise<{ 'x-test-account': string }>;
  camera(accountId: string, name?: string): Promise<TestCamera>;
  /** Listens on a free port of the loopback; returns the origin. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export async function startFeatures(options: FeaturesOptions = {}): Promise<Features> {
  const clock = options.clock ?? systemClock;
  const folder = await mkdtemp(join(tmpdir(), 'vigie-features-'));
  const { db, close: closeDatabase } = await openDatabase(options.databaseUrl ?? join(folder, 'vigie.sqlite'));
  await migrate(db);
  const media = await openMediaStore(join(folder, 'media'));
  const app = await createApp(readConfig({ DATA_DIR: folder }, join(folder, '.env')), false);
  const changes = createCameraChanges();
  const announcements = createAnnouncements();
  const presence = createPresence({ clock });
  const authority = createCameraAuthority({ db, clock, changes, onSigned: presence.seen });
  const alarms: Features['alarms'] = [];
  const photos: string[] = [];
  const accounts = {
    async requireAccount(request: { headers: Record<string, unknown> }) {
      const id = request.headers['x-test-account'];
      if (typeof id !== 'string') throw new ApiError(401, 'not-signed-in', 'Sign in first.');
      return { id };
    },
  };
  const noteAlarm = async (_trx: Database, event: EventRow, account: AlarmAccount) => {
    alarms.push({ event, account });
  };
  cameraRoutes(app, { db, clock, accounts, authority, presence, changes });
  eventRoutes(app, {
    db,
    clock,
    accounts,
    authority,
    announcements,
    alarms: { queueAlarm: options.queueAlarm ?? noteAlarm, wake: () => undefined },
  });
  recordingRoutes(app, {
    db,
    clock,
    accounts,
    authority,
    announcements,
    media,
    ...(options.freeBytes && {
      roomForClips: createDiskReserve(folder, clock, async () => options.freeBytes?.() ?? 0),
    }),
    onPhoto: (_cameraId, eventId) => photos.push(eventId),
    ...(options.stallMillis === undefined ? {} : { stallMillis: options.stallMillis }),
  });
  await app.ready();

  const transport: Transport = async ({ method, target, body }, headers) => {
    const answer = await app.inject({
      method: method as 'PUT',
      url: target,
      headers,
      ...(body === undefined ? {} : { payload: Buffer.from(body) }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
  };
  return {
    app,
    db,
    media,
    folder,
    changes,
    announcements,
    alarms,
    photos,
    transport,
    async person(id, locale = 'en') {
      const now = new Date().toISOString();
      await db
        .insertInto('user')
        .values({
          id,
          name: id,
          email: `${id}@example.org`,
          emailVerified: options.databaseUrl ? true : 1,
          image: null,
          createdAt: now,
          updatedAt: now,
          locale,
          isOwner: options.databaseUrl ? false : 0,
        })
        .execute();
      return { 'x-test-account': id };
    },
    camera: (accountId, name) => registerCamera(transport, { 'x-test-account': accountId }, name),
    async listen() {
      await app.listen({ port: 0, host: '127.0.0.1' });
      return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    },
    async close() {
      const closed = app.close();
      // A socket that a client opened in advance counts as busy until it asks something.
      app.server.closeAllConnections();
      await closed;
      presence.close();
      await closeDatabase();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
