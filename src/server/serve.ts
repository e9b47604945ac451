/** Configuration enters; a serving Vigie leaves: engines opened, features composed, ports open, addresses printed. */
import { systemClock } from '../ports/clock.ts';
import { migrate } from '../ports/database/migrate.ts';
import { isEverywhere, letterOrigin, openAddresses, type Ports } from '../trust/server/addresses.ts';
import { answerLocalName, type LocalName } from '../trust/server/mdns.ts';
import { printAddresses } from '../trust/server/print-addresses.ts';
import { trustRoutes } from '../trust/server/routes.ts';
import { createTrust } from '../trust/server/trust.ts';
import type { Adapters } from './adapters.ts';
import type { Config } from './config.ts';
import { composeFeatures } from './features.ts';
import { createApp } from './http.ts';
import { listen } from './listen.ts';
import { DatabaseUnusable } from './plain-reason.ts';

/** Opens everything; `close` ends it with nothing lost. */
export async function serve(config: Config): Promise<{ close(): Promise<void> }> {
  const app = await createApp(config, { level: config.LOG_LEVEL, base: null });
  const adapters = await openAdapters(config).catch(unusable);
  await migrate(adapters.database.db).catch(unusable);
  const trust =
    config.HTTPS_PORT === 0 ? null : await createTrust({ dataDir: config.DATA_DIR, clock: systemClock, log: app.log });
  let ports: Ports = { httpPort: config.PORT, httpsPort: null };
  const addresses = () => openAddresses(trust?.names() ?? null, ports, config.HOST);
  let localName: LocalName | null = null;
  const localOrigin = () => letterOrigin(addresses(), localName?.holds() ?? false);

  trustRoutes(app, { trust, addresses, publicUrl: config.PUBLIC_URL });
  const features = await composeFeatures(app, config, adapters, localOrigin);
  await app.ready();
  const listening = await listen((request, response) => app.routing(request, response), {
    host: config.HOST,
    port: config.PORT,
    httpsPort: config.HTTPS_PORT,
    tls: trust?.secureContext() ?? null,
    onError: (error) => app.log.error({ err: error }, 'a connection could not be accepted; the server goes on'),
  });
  ports = listening;
  trust?.onChange((context) => listening.https?.setSecureContext(context));
  // Bound to one address, the name would also lead to others.
  if (listening.https !== null && isEverywhere(config.HOST)) localName = answerLocalName({ log: app.log });
  await features.start(listening);
  await printAddresses({
    addresses: addresses(),
    caFingerprint: trust?.caFingerprint ?? null,
    publicUrl: config.PUBLIC_URL,
  });

  return {
    async close() {
      localName?.close();
      trust?.close();
      await Promise.all([features.close(), listening.close()]);
      await app.close();
      await adapters.database.close();
    },
  };
}

function unusable(cause: unknown): never {
  throw new DatabaseUnusable('the database cannot be used', { cause });
}

/** Only the engines in use are loaded. */
async function openAdapters(config: Config): Promise<Adapters> {
  if (config.DATABASE_URL === undefined) return (await import('./compose-embedded.ts')).composeEmbedded(config);
  return (await import('./compose-scale.ts')).composeScale(config.DATABASE_URL);
}
