/** Configuration enters; a serving Vigie leaves: engines opened, features composed, ports open, addresses printed. */
import { join } from 'node:path';
import { sql } from 'kysely';
import { migrate } from '../ports/database/migrate.ts';
import { systemClock } from '../ports/clock.ts';
import { openAddresses, type Ports } from '../trust/server/addresses.ts';
import { answerLocalName } from '../trust/server/mdns.ts';
import { printAddresses } from '../trust/server/print-addresses.ts';
import { trustRoutes } from '../trust/server/routes.ts';
import { createTrust } from '../trust/server/trust.ts';
import type { Config } from './config.ts';
import { createApp } from './http.ts';
import { listen } from './listen.ts';
import { pageRoutes } from './pages.ts';

const WEB_ROOT = join(import.meta.dirname, '../../dist/web');

/** Opens everything; `close` ends it with nothing lost. */
export async function serve(config: Config): Promise<{ close(): Promise<void> }> {
  const app = await createApp(config, { level: config.LOG_LEVEL, base: null });
  const clock = systemClock;
  const { database } = config.DATABASE_URL === undefined
    ? await (await import('./compose-embedded.ts')).composeEmbedded(config)
    : await (await import('./compose-scale.ts')).composeScale(config.DATABASE_URL);
  await migrate(database.db);
  const trust = config.HTTPS_PORT === 0 ? null : await createTrust({ dataDir: config.DATA_DIR, clock, log: app.log });
  let ports: Ports = { httpPort: config.PORT, httpsPort: null };
  const addresses = () => openAddresses(trust?.names() ?? null, ports);
  trustRoutes(app, { trust, addresses, publicUrl: config.PUBLIC_URL });
  app.get('/readyz', { schema: { hide: true } }, async () => {
    await sql`select 1`.execute(database.db);
    return { ready: true };
  });
  await pageRoutes(app, WEB_ROOT, async () => true);
  await app.ready();
  const listening = await listen((request, response) => app.routing(request, response), {
    host: config.HOST,
    port: config.PORT,
    httpsPort: config.HTTPS_PORT,
    tls: trust?.secureContext() ?? null,
  });
  ports = listening;
  trust?.onChange((context) => listening.https?.setSecureContext(context));
  const mdns = listening.https === null || isLoopback(config.HOST) ? null : answerLocalName({ log: app.log });
  await printAddresses({ addresses: addresses(), caFingerprint: trust?.caFingerprint ?? null, publicUrl: config.PUBLIC_URL });
  return {
    async close() {
      await listening.close();
      await app.close();
      trust?.close();
      mdns?.close();
      await database.close();
    },
  };
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.|::1$)/.test(host);
}
