/** A `postgres://` address enters; Kysely's dialect for it leaves, with whole numbers read as numbers. */
import { Socket } from 'node:net';
import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';

/** OIDs of PostgreSQL's `int8` and `numeric` (what `count` and `sum` give): pg leaves them as text, we have none past 2^53. */
const NUMBERS: readonly number[] = [20, 1700];
const CONNECTIONS_MAX = 16;
/** For a connection, new or of the pool. */
const CONNECT_MILLIS = 5000;
/** A connection in use on which nothing came or went for this long leads nowhere any more. */
const SILENT_MILLIS = 30_000;

/**
 * The dialect of one PostgreSQL database; the pool opens connections when they are needed.
 * @param silentMillis a query that takes longer fails, and its transaction with it; left out: half a minute
 */
export function postgresDialect(url: string, silentMillis: number = SILENT_MILLIS): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MILLIS,
    keepAlive: true,
    // Not pg's `query_timeout`, which would give the connection back with its transaction open.
    stream: () => {
      const socket = new Socket();
      return socket.setTimeout(silentMillis, () => socket.destroy(new Error('The database does not answer.')));
    },
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
