/** Settings enter; accounts leave on a real database in a folder of its own, behind a real HTTP application, with a clock to turn. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { accountRoutes } from '../../src/accounts/server/account-routes.ts';
import { type Accounts, createAccounts } from '../../src/accounts/server/accounts.ts';
import { accountsRoutes } from '../../src/accounts/server/routes.ts';
import type { Registration } from '../../src/accounts/shared/account.ts';
import { createDeliveries } from '../../src/alerts/server/deliveries.ts';
import { readContent } from '../../src/alerts/server/payload.ts';
import { type Database, openDatabase } from '../../src/ports/database/database.ts';
import { migrate } from '../../src/ports/database/migrate.ts';
import type { App } from '../../src/server/app-type.ts';
import { readConfig } from '../../src/server/config.ts';
import { createApp } from '../../src/server/http.ts';

export interface AccountsRig {
  readonly app: App;
  readonly db: Database;
  readonly accounts: Accounts;
  /** DATA_DIR. */
  readonly folder: string;
  /** Where media were erased, by account. */
  readonly erased: string[];
  /** From now on media cannot be erased. */
  failToErase(error: Error): void;
  /** Cameras that were told that their account is no more. */
  readonly camerasErased: { readonly accountId: string; readonly cameraIds: readonly string[] }[];
  /** Turns the clock on, seconds. */
  wait(seconds: number): void;
  setMail(mode: 'smtp' | 'mailbox'): void;
  /** A browser: keeps its cookies, names its origin. */
  browser(options?: { readonly ip?: string; readonly headers?: Record<string, string> }): RigBrowser;
  /** Messages queued so far, oldest first. */
  mails(): Promise<{ kind: string; recipient: string; locale: string; payload: Record<string, unknown> }[]>;
  /** The six digits of the newest message with a code to an address. */
  code(recipient: string): Promise<string>;
  close(): Promise<void>;
}

export interface RigBrowser {
  readonly cookies: Map<string, string>;
  ask(
    method: NonNullable<InjectOptions['method']>,
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
}

export interface AccountsRigOptions {
  readonly mail?: 'smtp' | 'mailbox';
  readonly registration?: Registration;
  readonly publicUrl?: string;
  readonly trustedProxies?: string;
  /** `postgres://…`; left out: SQLite. */
  readonly databaseUrl?: string;
  /** Registers further routes. */
  readonly routes?: (app: App, accounts: Accounts) => void | Promise<void>;
}

export async function accountsRig(options: AccountsRigOptions = {}): Promise<AccountsRig> {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-accounts-'));
  const database = await openDatabase(options.databaseUrl ?? join(folder, 'vigie.sqlite'));
  const { db } = database;
  await migrate(db);
  const config = readConfig(
    {
      DATA_DIR: folder,
      ...(options.publicUrl && { PUBLIC_URL: options.publicUrl }),
      ...(options.trustedProxies && { TRUSTED_PROXIES: options.trustedProxies }),
    },
    join(folder, '.env'),
  );
  let passed = 0;
  let mail = options.mail ?? 'mailbox';
  const clock = { now: () => Date.now() + passed };
  const deliveries = createDeliveries({
    clock,
    messageIdDomain: () => 'vigie.invalid',
    channel: () => (mail === 'smtp' ? 'mail' : 'mailbox'),
    wake: () => undefined,
  });
  const app = await createApp(config, false);
  const accounts = createAccounts({
    db,
    clock,
    secret: 'a secret of thirty-two characters or more',
    publicUrl: config.PUBLIC_URL,
    registration: options.registration ?? 'open',
    post: { mode: () => mail, queueDelivery: deliveries.queueDelivery, wake: deliveries.wake },
    linkOrigin: () => 'https://vigie.example',
  });
  const erased: string[] = [];
  let eraseError: Error | null = null;
  const camerasErased: { accountId: string; cameraIds: readonly string[] }[] = [];
  accountsRoutes(app, accounts, { retentionDays: 30 });
  accountRoutes(app, accounts, {
    retentionDays: 30,
    dataDir: folder,
    eraseMedia: async (accountId) => {
      if (eraseError !== null) throw eraseError;
      erased.push(accountId);
    },
    onCamerasErased: (accountId, cameraIds) => camerasErased.push({ accountId, cameraIds }),
  });
  await options.routes?.(app, accounts);
  await app.ready();

  const mails = async () => {
    const rows = await db
      .selectFrom('delivery')
      .select(['kind', 'recipient', 'locale', 'payload'])
      .orderBy('createdAt')
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      ...row,
      payload: { ...readContent(row.kind, row.payload).payload } as Record<string, unknown>,
    }));
  };
  return {
    app,
    db,
    accounts,
    folder,
    erased,
    failToErase(error) {
      eraseError = error;
    },
    camerasErased,
    mails,
    wait(seconds) {
      passed += seconds * 1000;
    },
    setMail(mode) {
      mail = mode;
    },
    browser: ({ ip = '203.0.113.7', headers = {} } = {}) => browserOf(app, ip, headers),
    async code(recipient) {
      const found = (await mails()).findLast((one) => one.kind === 'code' && one.recipient === recipient);
      if (typeof found?.payload.code !== 'string') throw new Error(`no code was sent to ${recipient}`);
      return found.payload.code;
    },
    async close() {
      await app.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function browserOf(app: App, ip: string, always: Record<string, string>): RigBrowser {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async ask(method, url, body, headers = {}) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await app.inject({
        method,
        url,
        remoteAddress: ip,
        headers: {
          host: 'localhost:8080',
          origin: 'http://localhost:8080',
          ...always,
          ...(cookie && { cookie }),
          ...headers,
        },
        ...(body !== undefined && { payload: body as object }),
      });
      for (const line of [response.headers['set-cookie'] ?? []].flat()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '' || /max-age=0/i.test(line)) cookies.delete(name);
        else cookies.set(name, value);
      }
      return response;
    },
  };
}
