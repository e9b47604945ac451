/** A data folder enters; the server's secret leaves, made once and readable by its owner only. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config.ts';

/** As for SECRET. */
const LENGTH_MIN = 32;

/**
 * Configured secret, else that of `DATA_DIR/secret` (64 hex digits), made at the first start: whole, or not at all.
 * @throws {ConfigError} where the file holds less: everything signed with it could be guessed.
 */
export function readSecret(configured: string | undefined, dataDir: string): string {
  if (configured !== undefined) return configured;
  const path = join(dataDir, 'secret');
  if (!existsSync(path)) {
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
    renameSync(temporary, path);
  }
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < LENGTH_MIN)
    throw new ConfigError(
      `SECRET: ${path} holds ${secret.length} characters, accepted: at least ${LENGTH_MIN}; put a copy back, or remove it: a new one is made, and everybody signs in again`,
    );
  return secret;
}
