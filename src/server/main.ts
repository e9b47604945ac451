/** The process: environment enters, a serving Vigie leaves, until SIGTERM, SIGINT or the end of the npm that started it. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import type { Config } from './config.ts';

// What is kept is nobody else's to read, though the folder that it is kept in may be.
process.umask(0o077);
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/vigie/compile'));
const { readConfig } = await import('./config.ts');
const { makeDataDir } = await import('./data-dir.ts');
const { plainReason } = await import('./plain-reason.ts');

/** Longest end: a mail server that thinks has twelve seconds; systemd kills after twenty. */
const END_MILLIS = 18_000;
/** Ctrl-C under npm comes twice, from the terminal and from npm: a person's second one comes later, and means at once. */
const SAME_SIGNAL_MILLIS = 1000;

let config: Config | null = null;
try {
  config = readConfig(process.env);
  makeDataDir(config.DATA_DIR);
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
  process.stderr.write(`${plainReason(error, config)}\n`);
  process.exit(1);
}

/** Started through npm, a server whose npm was killed must not stay behind. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 1000).unref();
}
