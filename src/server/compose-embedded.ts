/** Configuration enters; the engines of one process that needs no service leave. */
import { join } from 'node:path';
import { openDatabase } from '../ports/database/database.ts';
import type { Adapters } from './adapters.ts';
import type { Config } from './config.ts';

/** SQLite in DATA_DIR. */
export async function composeEmbedded(config: Config): Promise<Adapters> {
  return { database: await openDatabase(join(config.DATA_DIR, 'vigie.sqlite')) };
}
