/** The process: environment enters, a serving Vigie leaves, until SIGTERM, SIGINT or the end of the npm that started it. */
import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/vigie/compile'));
const { readConfig } = await import('./config.ts');

try {
  const config = readConfig(process.env);
  mkdirSync(config.DATA_DIR, { recursive: true, mode: 0o700 });
  const { serve } = await import('./serve.ts');
  const server = await serve(config);
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    void server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (process.env['npm_lifecycle_event'] !== undefined) endWithParent(end);
} catch (error) {
  process.stderr.write(`${plainReason(error)}\n`);
  process.exit(1);
}

/** Started through npm, a server whose npm was killed must not stay behind. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 1000).unref();
}

/** One line that a person can act upon; the whole error only where nobody foresaw it. */
function plainReason(error: unknown): string {
  const { code, message, port, address, path } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'config-invalid') return message;
  if (code === 'EADDRINUSE')
    return `PORT or HTTPS_PORT: ${port} is taken by another program on ${address}; set another one`;
  if (code === 'EACCES') return `PORT, HTTPS_PORT or DATA_DIR: no permission for ${path ?? port}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
