import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseContract } from './contract.ts';
import { type OpenDatabase, openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { SqliteConnection } from './sqlite-connection.js';

const folder = mkdtempSync(join(tmpdir(), 'vigie-sqlite-'));
let files = 0;
const freshPath = () => join(folder, `folder ${++files}`, 'vigie.sqlite');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

databaseContract('SQLite', async () => freshPath());

describe('SQLite', () => {
  let opened: OpenDatabase;
  let path: string;
  beforeAll(async () => {
    path = freshPath();
    opened = await openDatabase(path);
    await migrate(opened.db);
  });
  afterAll(() => opened.close());

  test('commits to the disk, with foreign keys, in a folder of its own that nobody else reads', async () => {
    const pragma = async (name: string) =>
      Object.values((await sql.raw<Record<string, unknown>>(`PRAGMA ${name}`).execute(opened.db)).rows[0] ?? {})[0];
    expect([
      await pragma('journal_mode'),
      await pragma('synchronous'),
      await pragma('foreign_keys'),
      await pragma('busy_timeout'),
    ]).toEqual(['wal', 2, 1, 10_000]);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  test.each(['new', 'left by an older version'])(
    'a file that is %s is read by nobody else, in any folder',
    async (age) => {
      const own = freshPath();
      mkdirSync(dirname(own));
      chmodSync(dirname(own), 0o755);
      if (age !== 'new')
        for (const part of ['', '-wal', '-shm']) {
          writeFileSync(own + part, '');
          chmodSync(own + part, 0o644);
        }
      const { db, close } = await openDatabase(own);
      await migrate(db);
      expect(['', '-wal', '-shm'].map((part) => statSync(own + part).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
      await close();
    },
  );

  test('the connection that reads cannot write', () => {
    const reader = new SqliteConnection({ path, mode: 'reader' });
    const run = (statement: string) => reader.answer({ op: 'run', tx: null, sql: statement, parameters: [] });
    expect(() => run("insert into setting values ('x', 'y')")).toThrow('readonly');
    expect(run('select * from setting')).toMatchObject({ rows: [] });
    reader.answer({ op: 'close' });
  });

  test('waits for another process that writes, and reads meanwhile', async () => {
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    other.exec("INSERT INTO setting VALUES ('theirs', '1')");
    let written = false;
    const writing = opened.db
      .insertInto('setting')
      .values({ key: 'ours', value: '2' })
      .execute()
      .then(() => {
        written = true;
      });
    for (let i = 0; i < 20; i++) expect(await opened.db.selectFrom('setting').selectAll().execute()).toEqual([]);
    expect(written).toBe(false);
    other.exec('COMMIT');
    other.close();
    await writing;
    expect(
      (await opened.db.selectFrom('setting').select('key').orderBy('key').execute()).map(({ key }) => key),
    ).toEqual(['ours', 'theirs']);
  });

  test('opens a new file that another process is writing when that is through', () => {
    const fresh = join(folder, 'shared.sqlite');
    const other = new DatabaseSync(fresh);
    other.exec('BEGIN IMMEDIATE');
    let asked = 0;
    const connection = new SqliteConnection({ path: fresh, mode: 'writer' }, () => {
      if (++asked === 3) other.exec('COMMIT');
    });
    connection.answer({ op: 'close' });
    other.close();
    expect(asked).toBe(3);
  });

  test('every index that a query needs is used', async () => {
    const plan = async (query: string) =>
      (await sql.raw<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`).execute(opened.db)).rows
        .map(({ detail }) => detail)
        .join('; ');
    const timeline = await plan(
      `SELECT * FROM event WHERE "accountId" = 'a' AND "deletedAt" IS NULL AND ("startedAt", "id", "cameraId") < (1, 'b', 'c') ORDER BY "startedAt" DESC, "id" DESC, "cameraId" DESC LIMIT 30`,
    );
    expect(timeline).toContain('USING INDEX eventTimeline');
    expect(timeline).not.toContain('TEMP B-TREE');
    expect(await plan(`SELECT * FROM event WHERE "deletedAt" IS NULL AND "receivedAt" < 5`)).toContain(
      'eventRetention',
    );
    expect(await plan(`SELECT * FROM event WHERE "deletedAt" < 5 AND "mediaRemovedAt" IS NULL`)).toContain(
      'eventRemoval',
    );
    expect(
      await plan(`SELECT * FROM delivery WHERE "state" = 'queued' AND "nextAttemptAt" < 5 ORDER BY priority`),
    ).toContain('deliveryDue');
    expect(await plan(`SELECT * FROM delivery WHERE "cameraId" IN ('a') AND "eventId" IN ('b', 'c')`)).toContain(
      'deliveryEvent',
    );
    expect(await plan(`SELECT * FROM camera WHERE "accountId" = 'a' ORDER BY "createdAt"`)).toContain('cameraAccount');
  });

  test('after closing nothing is taken any more', async () => {
    const own = await openDatabase(freshPath());
    await migrate(own.db);
    const last = own.db.insertInto('setting').values({ key: 'last', value: '' }).execute();
    await last;
    await own.close();
    await expect(own.db.insertInto('setting').values({ key: 'late', value: '' }).execute()).rejects.toThrow(
      /destroyed|closed|not open/,
    );
  });

  test('a file that is no database stops the start with a reason', async () => {
    const own = await openDatabase(join(folder));
    await expect(migrate(own.db)).rejects.toThrow('unable to open database file');
    await own.close();
  });
});
