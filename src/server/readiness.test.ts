import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../ports/database/database.ts';
import { migrate } from '../ports/database/migrate.ts';
import type { App } from './app-type.ts';
import { readConfig } from './config.ts';
import { createApp } from './http.ts';
import { readinessRoute } from './readiness.ts';

let folder: string;
let database: OpenDatabase;
let app: App;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-ready-'));
  database = await openDatabase(join(folder, 'vigie.sqlite'));
  await migrate(database.db);
  app = await createApp(readConfig({}, '/nonexistent/.env'), false);
});
afterEach(async () => {
  await app.close();
  await database.close();
  rmSync(folder, { recursive: true });
});

const ask = async (freeBytes?: number) => {
  readinessRoute(app, {
    db: database.db,
    dataDir: folder,
    ...(freeBytes !== undefined && { freeBytesOf: async () => freeBytes }),
  });
  const answer = await app.inject('/readyz');
  return [answer.statusCode, answer.json()];
};

it('is ready where something can be written', async () => {
  expect(await ask()).toEqual([200, { ready: true, database: 'answers', disk: 'takes' }]);
});

it('is not with a database that can only be read', async () => {
  await sql`pragma query_only = on`.execute(database.db);
  expect(await ask()).toEqual([503, { ready: false, database: 'does not answer', disk: 'takes' }]);
});

it('is not with a full disk', async () => {
  expect(await ask(1000)).toEqual([503, { ready: false, database: 'answers', disk: 'takes nothing' }]);
});
