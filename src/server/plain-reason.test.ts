/** Wrong values of the configuration enter, and a real start; each time one line leaves that names its key. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { DatabaseUnusable, plainReason } from './plain-reason.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vigie-start-'));
const file = join(folder, 'file');
const broken = mkdtempSync(join(folder, 'broken-'));
writeFileSync(file, '');
writeFileSync(join(broken, 'vigie.sqlite'), 'not a database, '.repeat(500));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['a folder in which none can be made', { DATA_DIR: '/proc/vigie' }, /^DATA_DIR: given "\/proc\/vigie" \(ENOENT\)/],
  ['a file for a folder', { DATA_DIR: file }, /^DATA_DIR: given .* \(ENOTDIR\), accepted: /],
  ['an address of another machine', { HOST: '192.0.2.99' }, /^HOST: given "192\.0\.2\.99" \(EADDRNOTAVAIL\)/],
  [
    'a name that leads nowhere',
    { HOST: 'nowhere.invalid' },
    /^HOST: given "nowhere\.invalid" \((ENOTFOUND|EAI_AGAIN)\)/,
  ],
  [
    'a database that is not there',
    { DATABASE_URL: 'postgres://vigie:tell-nobody@127.0.0.1:9/vigie' },
    /^DATABASE_URL: the database cannot be used \(.*ECONNREFUSED/,
  ],
  ['a file that is no database', { DATA_DIR: broken }, /^DATA_DIR: its database vigie\.sqlite cannot be used \(/],
])('%s stops the start with one line', (_what, env, expected) => {
  const { status, stderr, signal } = spawnSync(process.execPath, [MAIN], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 30_000,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      HTTPS_PORT: '0',
      DATA_DIR: join(folder, 'data'),
      LOG_LEVEL: 'silent',
      ...env,
    },
  });
  expect([status, signal]).toEqual([1, null]);
  expect(stderr).toMatch(expected);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).not.toContain('tell-nobody');
});

it('tells both tries of a name with two addresses, and keeps the stack of what nobody foresaw', () => {
  const tries = new AggregateError([
    new Error('connect ECONNREFUSED ::1:1'),
    new Error('connect ECONNREFUSED 127.0.0.1:1'),
  ]);
  const config = { DATABASE_URL: 'postgres://localhost/vigie', DATA_DIR: '/data', HOST: undefined };
  expect(plainReason(new DatabaseUnusable('', { cause: tries }), config)).toContain(
    '(connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1)',
  );
  expect(plainReason(new TypeError('a mistake of ours'), config)).toMatch(/^TypeError: a mistake of ours\n {4}at /);
});
