/** A try enters; it is counted, and refused with the time to wait once there were too many. */
import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { RetryLater } from '../../ports/errors.ts';

/** How many tries in how long a window, which begins with the first. */
export interface Limit {
  readonly tries: number;
  readonly windowSeconds: number;
}

export interface Limits {
  /** Counts a try. @throws {TooManyTries} */
  take(what: string, who: string, limit: Limit): Promise<void>;
  /** Takes back one try: it was none. */
  giveBack(what: string, who: string): Promise<void>;
  /** Forgets the tries: they led to success. */
  forget(what: string, who: string): Promise<void>;
}

/** 429 `too-many-tries` */
export class TooManyTries extends RetryLater {
  constructor(seconds: number) {
    super(429, 'too-many-tries', `Too many tries. Try again in ${seconds} seconds.`, seconds);
  }
}

/** Counters in the database, so that a restart forgives nothing and instances share them; keys are not readable there. */
export function createLimits(db: Database, clock: Clock, secret: string): Limits {
  const keyOf = (what: string, who: string) =>
    createHmac('sha256', secret).update(`${what}\0${who}`).digest('base64url');
  return {
    async take(what, who, { tries, windowSeconds }) {
      const now = clock.now();
      const begun = sql<boolean>`"rateLimit"."lastRequest" <= ${now - windowSeconds * 1000}`;
      const { count, lastRequest } = await db
        .insertInto('rateLimit')
        .values({ id: uuidv7(), key: keyOf(what, who), count: 1, lastRequest: now })
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet({
            count: sql`case when ${begun} then 1 else "rateLimit"."count" + 1 end`,
            lastRequest: sql`case when ${begun} then ${now} else "rateLimit"."lastRequest" end`,
          }),
        )
        .returning(['count', 'lastRequest'])
        .executeTakeFirstOrThrow();
      if (Number(count) > tries)
        throw new TooManyTries(Math.max(1, Math.ceil((Number(lastRequest) - now) / 1000) + windowSeconds));
    },
    async giveBack(what, who) {
      await db
        .updateTable('rateLimit')
        .set(({ eb }) => ({ count: eb('count', '-', 1) }))
        .where('key', '=', keyOf(what, who))
        .where('count', '>', 0)
        .execute();
    },
    async forget(what, who) {
      await db.deleteFrom('rateLimit').where('key', '=', keyOf(what, who)).execute();
    },
  };
}

/** Who is behind an address of the network: an IPv4 address, or the /64 that a household's IPv6 addresses share; `''` where the connection is gone. */
export function networkOf(ip: string | undefined): string {
  if (ip === undefined) return '';
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
