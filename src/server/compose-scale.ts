/** Configuration enters; the engines that several machines share leave. */
import { openDatabase } from '../ports/database/database.ts';
import type { Adapters } from './adapters.ts';

/** PostgreSQL at DATABASE_URL. */
export async function composeScale(databaseUrl: string): Promise<Adapters> {
  return { database: await openDatabase(databaseUrl) };
}
