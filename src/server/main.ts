/** The process: environment enters, a serving Vigie leaves, until SIGTERM, SIGINT or the end of the npm that started it. */
import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/vigie/compile'));
const { readConfig } = await import('./config.ts');

/** Longest end: a mail server that thinks has twelve seconds; systemd kills after twenty. */
const END_MILLIS = 18_000;
/** Ctrl-C under npm comes twice, from the terminal and from npm: a person's second one comes later, and means at once. */
const SAME_SIGNAL_MILLIS = 1000;

try {
  const config = readConfig(process.env);
  mkdirSync(config.DATA_DIR, { recursive: true, mode: 0o700 });
  const { serve } = await import('./serve.ts');
  const server = await serve(config);
  let endingSince: number | null = null;
  const end = () => {
    if (endingSince !== null) return;
    endingSince = performance.now();
    setTimeout(() => process.exit(1), END_MILLIS).unref();
    void server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  const onSignal = () => {
    if (endingSince !== null && performance.now() - endingSince > SAME_SIGNAL_MILLIS) process.exit(1);
    end();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
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
