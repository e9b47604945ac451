/** A mail server enters; alerts on a fresh database leave, with one account, one camera, and a clock that a test turns. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { type Alerts, type AlertsConfig, createAlerts } from '../../src/alerts/server/alerts.ts';
import type { Timers } from '../../src/alerts/server/timers.ts';
import { type Database, type OpenDatabase, openDatabase } from '../../src/ports/database/database.ts';
import { migrate } from '../../src/ports/database/migrate.ts';

export const ACCOUNT = { id: 'account-1', email: 'someone@example.org', locale: 'en' as const };
export const CAMERA = { id: '0193a000-0000-7000-8000-000000000001', name: 'Living room' };
/** 2026-11-22 14:31:07 in Paris. */
export const CAPTURED_AT = Date.UTC(2026, 10, 22, 13, 31, 7);

/** A clock and timers that stand still until told. */
export interface TurnedClock extends Timers {
  now(): number;
  /** Moves on by `millis`, running what falls due on the way. */
  turn(millis: number): void;
  /** When the next timer runs, milliseconds since 1970; null: none. */
  next(): number | null;
}

export function turnedClock(start = CAPTURED_AT): TurnedClock {
  let now = start;
  const timers = new Set<{ at: number; run: () => void }>();
  const earliest = () => [...timers].sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    after(millis, run) {
      const timer = { at: now + millis, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    turn(millis) {
      const until = now + millis;
      for (let timer = earliest(); timer !== undefined && timer.at <= until; timer = earliest()) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.run();
      }
      now = until;
    },
    next: () => earliest()?.at ?? null,
  };
}

export interface AlertsUnderTest {
  readonly db: Database;
  readonly alerts: Alerts;
  readonly clock: TurnedClock;
  readonly errors: unknown[];
  /** Events whose page was told of a mail, in order. */
  readonly told: readonly string[];
  /** By event. */
  readonly photos: Map<string, Buffer>;
  /** Inserts an intrusion and queues its alarm in one transaction, as the server does. Returns the event's id. */
  intrusion(change?: { email?: string; cameraName?: string; locale?: 'en' | 'fr' }): Promise<string>;
  /** The photo of an event is there. */
  photo(eventId: string, jpeg: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** Rows that deliveries refer to. */
export async function seed({ db, kind }: Pick<OpenDatabase, 'db' | 'kind'>): Promise<void> {
  const yes = kind === 'postgres' ? true : 1;
  const at = new Date(CAPTURED_AT).toISOString();
  await db
    .insertInto('user')
    .values({
      id: ACCOUNT.id,
      name: '',
      email: ACCOUNT.email,
      emailVerified: yes,
      image: null,
      createdAt: at,
      updatedAt: at,
      locale: 'en',
      isOwner: yes,
    })
    .execute();
  await db
    .insertInto('camera')
    .values({
      id: CAMERA.id,
      accountId: ACCOUNT.id,
      name: CAMERA.name,
      publicKey: '{}',
      settings: '{}',
      createdAt: CAPTURED_AT,
      lastSeenAt: null,
      revokedAt: null,
    })
    .execute();
}

/** Event and alarm in one transaction, as the server writes them. Returns the event's id. */
export async function insertIntrusion(
  db: Database,
  alerts: Alerts,
  account: { id: string; email: string; locale: 'en' | 'fr' },
): Promise<string> {
  const id = uuidv7();
  const event = { id, cameraId: CAMERA.id, startedAt: CAPTURED_AT, timeZone: 'Europe/Paris' };
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('event')
      .values({
        ...event,
        accountId: account.id,
        kind: 'intrusion',
        endedAt: null,
        receivedAt: CAPTURED_AT,
        score: 0.1,
        reason: '{}',
        boxes: '[]',
        photoBytes: null,
        photoSha256: null,
        clipType: null,
        clockOffset: 0,
        deletedAt: null,
        mediaRemovedAt: null,
      })
      .execute();
    await alerts.deliveries.queueAlarm(trx, event, account);
  });
  alerts.deliveries.wake();
  return id;
}

/** @param url a database of its own; left out: SQLite in a temporary folder */
export async function alertsUnderTest(config: AlertsConfig = {}, url?: string): Promise<AlertsUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-alerts-'));
  const opened = await openDatabase(url ?? join(folder, 'vigie.db'));
  await migrate(opened.db);
  await seed(opened);
  const clock = turnedClock();
  const photos = new Map<string, Buffer>();
  const errors: unknown[] = [];
  const told: string[] = [];
  const alerts = createAlerts({
    db: opened.db,
    config,
    secret: 'a secret of a test, thirty-two characters long',
    clock,
    timers: clock,
    localOrigin: () => 'https://vigie.local:8443',
    photoOf: async (_account, _camera, event) => photos.get(event) ?? null,
    onError: (error) => errors.push(error),
    onTold: ({ eventId }) => told.push(eventId),
  });
  await alerts.settings.load();
  await alerts.outbox.start();
  // Its first look is over: what a test puts there without waking it stays as it is.
  await alerts.outbox.idle();
  return {
    db: opened.db,
    alerts,
    clock,
    errors,
    told,
    photos,
    async intrusion(change = {}) {
      if (change.cameraName !== undefined)
        await opened.db.updateTable('camera').set({ name: change.cameraName }).where('id', '=', CAMERA.id).execute();
      return insertIntrusion(opened.db, alerts, { ...ACCOUNT, ...change });
    },
    async photo(eventId, jpeg) {
      photos.set(eventId, jpeg);
      await opened.db.updateTable('event').set({ photoBytes: jpeg.length }).where('id', '=', eventId).execute();
      await alerts.outbox.photoArrived(CAMERA.id, eventId);
    },
    async close() {
      await alerts.close();
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
