/** Engines and configuration enter; every feature leaves, composed: routes on the application, work that runs beside it. */
import { join } from 'node:path';
import { accountRoutes } from '../accounts/server/account-routes.ts';
import { createAccounts } from '../accounts/server/accounts.ts';
import { networkOf } from '../accounts/server/limits.ts';
import { accountsRoutes } from '../accounts/server/routes.ts';
import { createSweeping } from '../accounts/server/sweeping.ts';
import { createAlerts } from '../alerts/server/alerts.ts';
import { createCameraAuthority } from '../cameras/server/authority.ts';
import { createCameraChanges } from '../cameras/server/changes.ts';
import { createPresence } from '../cameras/server/presence.ts';
import { cameraRoutes } from '../cameras/server/routes.ts';
import { createAnnouncements } from '../events/server/announcements.ts';
import { eventRoutes } from '../events/server/routes.ts';
import { liveRoutes } from '../live/server/message-document.ts';
import { attachSockets, type LiveSockets } from '../live/server/sockets.ts';
import { systemClock } from '../ports/clock.ts';
import { createDiskReserve } from '../recordings/server/disk-reserve.ts';
import { createJanitor } from '../recordings/server/janitor.ts';
import { openMediaStore } from '../recordings/server/media-store.ts';
import { photoReader } from '../recordings/server/photo-reader.ts';
import { recordingRoutes } from '../recordings/server/routes.ts';
import type { Adapters } from './adapters.ts';
import type { App } from './app-type.ts';
import { arrivals } from './arrival.ts';
import type { Config } from './config.ts';
import type { Listening } from './listen.ts';
import { metricsRoutes } from './metrics.ts';
import { pageRoutes } from './pages.ts';
import { readinessRoute } from './readiness.ts';
import { readSecret } from './secret.ts';

const WEB_ROOT = join(import.meta.dirname, '../../dist/web');
/** While a camera is armed the mailer is kept ready: an alarm must not wait for it to start. */
const KEEP_WARM_MILLIS = 30_000;
/** After these, a session may be none any more: whoever watches with it is closed at once. */
const ENDS_SESSIONS: ReadonlySet<string> = new Set([
  'POST /api/accounts/sign-out',
  'POST /api/accounts/reset',
  'POST /api/accounts/verify',
  'PUT /api/account/password',
  'POST /api/account/sessions/end-others',
  'DELETE /api/account/sessions/:id',
  'DELETE /api/account',
]);

export interface Features {
  /** Once the ports are open: sockets, and the work of the outbox and the janitor. */
  start(listening: Listening): Promise<void>;
  close(): Promise<void>;
}

/** @param localOrigin address on the local network, for links where PUBLIC_URL is unset. */
export async function composeFeatures(
  app: App,
  config: Config,
  { database }: Adapters,
  localOrigin: () => string,
): Promise<Features> {
  const clock = systemClock;
  const { db } = database;
  const { log } = app;
  const secret = readSecret(config.SECRET, config.DATA_DIR);
  const media = await openMediaStore(join(config.DATA_DIR, 'media'));
  const announcements = createAnnouncements();
  const changes = createCameraChanges();
  const onError = (error: unknown) => log.error({ err: error }, 'work in the background failed; it is tried again');
  const presence = createPresence({
    clock,
    keepLastSeen: (cameraId, lastSeenAt) =>
      void db.updateTable('camera').set({ lastSeenAt }).where('id', '=', cameraId).execute().catch(onError),
  });
  const authority = createCameraAuthority({ db, clock, changes, onSigned: presence.seen });
  const alerts = createAlerts({
    db,
    config,
    secret,
    clock,
    localOrigin,
    photoOf: photoReader(db, media),
    onError,
    onTold: announcements.emit,
  });
  await alerts.settings.load();
  const { deliveries, outbox } = alerts;
  const accounts = createAccounts({
    db,
    clock,
    secret,
    publicUrl: config.PUBLIC_URL,
    registration: config.REGISTRATION,
    post: { mode: alerts.settings.mode, queueDelivery: deliveries.queueDelivery, wake: deliveries.wake },
    linkOrigin: () => config.PUBLIC_URL ?? localOrigin(),
  });
  const janitor = createJanitor({ db, media, clock, retentionDays: config.RETENTION_DAYS, onError });
  const sweeping = createSweeping({ db, clock, eraseMedia: media.removeAccount, onError });
  const arrivalOf = arrivals(config.TRUSTED_PROXIES);
  let live: LiveSockets | null = null;

  metricsRoutes(app, config, {
    cameraStates: () => presence.all().map(({ state }) => state),
    deliveries: async () =>
      Object.fromEntries((await deliveriesByState()).map(({ state, count }) => [state, Number(count)])),
  });
  const deliveriesByState = () =>
    db
      .selectFrom('delivery')
      .select(['state', (on) => on.fn.countAll<number>().as('count')])
      .groupBy('state')
      .execute();
  readinessRoute(app, { db, dataDir: config.DATA_DIR });
  accountsRoutes(app, accounts, { retentionDays: config.RETENTION_DAYS });
  accountRoutes(app, accounts, {
    retentionDays: config.RETENTION_DAYS,
    dataDir: config.DATA_DIR,
    eraseMedia: media.removeAccount,
    onCamerasErased: (accountId, cameraIds) => {
      for (const cameraId of cameraIds) changes.emit({ cameraId, accountId, what: 'revoked' });
    },
  });
  cameraRoutes(app, { db, clock, accounts, authority, presence, changes });
  eventRoutes(app, { db, clock, accounts, authority, announcements, alarms: deliveries });
  recordingRoutes(app, {
    db,
    clock,
    accounts,
    authority,
    announcements,
    media,
    roomForClips: createDiskReserve(config.DATA_DIR, clock),
    onPhoto: (cameraId, eventId) => void outbox.photoArrived(cameraId, eventId).catch(onError),
  });
  liveRoutes(app);
  alerts.routes(app, accounts);
  await pageRoutes(app, WEB_ROOT, async (request, reply) => (await accounts.accountOf(request, reply)) !== null);

  app.addHook('onResponse', async (request, reply) => {
    const route = `${request.method} ${request.routeOptions.url}`;
    if (reply.statusCode < 300 && ENDS_SESSIONS.has(route)) await live?.recheckSessions();
  });

  const keepWarm = () => {
    if (presence.all().some(({ state }) => state === 'starting' || state === 'watching')) outbox.warmUp();
  };
  const warming = setInterval(keepWarm, KEEP_WARM_MILLIS).unref();
  presence.onChange(keepWarm);

  return {
    async start(listening) {
      live = attachSockets({
        servers: listening.servers,
        accounts,
        db,
        presence,
        changes,
        announcements,
        arrivalOf: (request) => {
          const { ip, ...reachedAs } = arrivalOf(request);
          return { ...reachedAs, network: networkOf(ip) };
        },
        clock,
        log,
        publicUrl: config.PUBLIC_URL,
      });
      await outbox.start();
      janitor.start();
      sweeping.start();
    },
    async close() {
      clearInterval(warming);
      live?.close();
      presence.close();
      await Promise.all([janitor.stop(), sweeping.stop()]);
      await alerts.close();
    },
  };
}
