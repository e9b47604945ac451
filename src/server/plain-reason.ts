/** What ended the start enters; one line that a person can act upon leaves. */
import type { Config } from './config.ts';

/** Codes of a HOST that is no address of this machine. */
const HOST_CODES: readonly unknown[] = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EAFNOSUPPORT', 'EINVAL'];
/** Codes of a folder that is no folder, or takes nothing. */
const FOLDER_CODES: readonly unknown[] = ['EEXIST', 'ENOTDIR', 'EROFS', 'EPERM', 'EACCES', 'ENOSPC', 'EDQUOT'];

/** The database could not be opened or brought up to date. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';
}

/** The whole error only where nobody foresaw it. @param config null: it could not be read */
export function plainReason(error: unknown, config: Pick<Config, 'DATABASE_URL' | 'DATA_DIR' | 'HOST'> | null): string {
  if (!(error instanceof Error)) return String(error);
  const { code, message, port, address, path, syscall } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (code === 'config-invalid') return message;
  if (error instanceof DatabaseUnusable) return databaseReason(error, config?.DATABASE_URL !== undefined);
  if (code === 'EADDRINUSE')
    return `PORT or HTTPS_PORT: ${port} is taken by another program on ${address}; set another one`;
  if (syscall !== undefined && path === undefined && HOST_CODES.includes(code))
    return `HOST: given ${JSON.stringify(config?.HOST ?? address)} (${code}), accepted: an address of this machine, or a name that leads to one`;
  if (code === 'EACCES' && path === undefined)
    return `PORT or HTTPS_PORT: no permission for ${port}; set one above 1023`;
  if (path !== undefined && FOLDER_CODES.includes(code))
    return `DATA_DIR: ${path} cannot be used (${code}), accepted: a folder that can be written to`;
  return error.stack ?? message;
}

/** The driver's own words, on one line; they name no password. */
function databaseReason(error: DatabaseUnusable, isPostgres: boolean): string {
  const reason = [...reasonsOf(error.cause)].join('; ').replace(/\s+/g, ' ');
  return isPostgres
    ? `DATABASE_URL: the database cannot be used (${reason}), accepted: postgres://user:password@host/database of one that answers`
    : `DATA_DIR: its database vigie.sqlite cannot be used (${reason}), accepted: a folder that this version of Vigie, or an earlier one, wrote`;
}

/** An error of several tries (each address of a name) has no words of its own. */
function reasonsOf(error: unknown): Set<string> {
  const all = error instanceof AggregateError ? error.errors : [error];
  return new Set(all.map((one: unknown) => (one instanceof Error ? one.message : String(one))));
}
