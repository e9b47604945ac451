import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const WRITER = fileURLToPath(new URL('./database-writer.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vigie-kill-'));
const path = join(folder, 'vigie.sqlite');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the writer until it has acknowledged `rows`, then kills it without warning. Returns what it acknowledged. */
async function writeAndKill(rows: number): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const text of child.stdout) {
    printed += String(text);
    if (printed.split('\n').length > rows && child.signalCode === null && !child.killed) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return printed.split('\n').slice(0, -1);
}

test('killed ten times in the middle of writing: every acknowledged transaction is there, whole, and no half one', async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < 10; round++) acknowledged.push(...(await writeAndKill(20 + 37 * round)));
  const db = new DatabaseSync(path);
  const keys = new Set(
    db
      .prepare('SELECT key FROM setting')
      .all()
      .map(({ key }) => String(key)),
  );
  expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  db.close();
  expect(acknowledged.length).toBeGreaterThan(10 * 20);
  for (const name of acknowledged) expect(keys.has(`${name} a`) && keys.has(`${name} b`)).toBe(true);
  for (const key of keys)
    expect(keys.has(key.endsWith('a') ? key.replace(/a$/, 'b') : key.replace(/b$/, 'a'))).toBe(true);
});
