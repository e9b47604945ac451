/** A `postgres://` address enters; Kysely's dialect for it leaves, with whole numbers read as numbers. */
import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';

/** OIDs of PostgreSQL's `int8` and `numeric` (what `count` and `sum` give): pg leaves them as text, we have none past 2^53. */
const NUMBERS: readonly number[] = [20, 1700];
const CONNECTIONS_MAX = 16;

/** The dialect of one PostgreSQL database; the pool opens connections when they are needed. */
export function postgresDialect(url: string): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        NUMBERS.includes(oid)
          ? Number
          : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
    },
  });
  // An idle connection that the server ends is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  // The same for one that is in use: whoever uses it is told by its query.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({ pool });
}
