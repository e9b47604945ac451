/** Something to be proved or done once enters; a token leaves, and what it stands for comes back for it, once. */
import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { instant, millisOf } from './columns.ts';

/** What a token is good for. */
const Kept = z.discriminatedUnion('kind', [
  /** A code sent to an address: right answer → in. `codeHash` null: there is no right answer (the address has an account). */
  z.object({
    kind: z.literal('code'),
    email: z.string(),
    codeHash: z.string().nullable(),
    passwordHash: z.string().nullable(),
    locale: z.enum(['en', 'fr']),
    /** Token of the invitation to use up, where one was needed. */
    invite: z.string().nullable(),
    wrongTries: z.number().int(),
  }),
  /** A link that lets one choose a new password. `proves`: it went to the address by mail. */
  z.object({ kind: z.literal('reset'), userId: z.string(), proves: z.boolean() }),
  /** A link that signs in. */
  z.object({ kind: z.literal('sign-in'), userId: z.string() }),
  /** A link that lets an address make an account where registration is not open. */
  z.object({ kind: z.literal('invite'), email: z.string() }),
]);
export type Kept = z.infer<typeof Kept>;
export type KeptOf<K extends Kept['kind']> = Extract<Kept, { kind: K }>;

export interface OneTime {
  /**
   * Keeps something under a new token (32 bytes, base64url); only the token's hash is stored.
   * @param keptOf what to keep, which may depend on the token.
   */
  issue(db: Database, keptOf: (token: string) => Kept, validMillis: number): Promise<string>;
  /** Takes it away: null where the token is unknown, used, too old or for something else. */
  redeem<K extends Kept['kind']>(
    kind: K,
    token: string,
  ): Promise<{ readonly kept: KeptOf<K>; readonly expiresAt: number } | null>;
  /** Puts something back under the same token, valid until then (ms since 1970). */
  restore(token: string, kept: Kept, expiresAt: number): Promise<void>;
  /** Looks without taking. */
  peek<K extends Kept['kind']>(kind: K, token: string): Promise<KeptOf<K> | null>;
}

export function createOneTime(database: Database, clock: Clock): OneTime {
  const insert = async (db: Database, token: string, kept: Kept, expiresAt: number) => {
    const now = clock.now();
    await db
      .insertInto('verification')
      .values({
        id: uuidv7(),
        identifier: identifierOf(kept.kind, token),
        value: JSON.stringify(kept),
        expiresAt: instant(db, expiresAt),
        createdAt: instant(db, now),
        updatedAt: instant(db, now),
      })
      .execute();
  };
  return {
    async issue(db, keptOf, validMillis) {
      const now = clock.now();
      // What nobody came back for goes with the next one.
      await db.deleteFrom('verification').where('expiresAt', '<', instant(db, now)).execute();
      const token = randomBytes(32).toString('base64url');
      await insert(db, token, keptOf(token), now + validMillis);
      return token;
    },
    async redeem(kind, token) {
      const row = await database
        .deleteFrom('verification')
        .where('identifier', '=', identifierOf(kind, token))
        .returning(['value', 'expiresAt'])
        .executeTakeFirst();
      if (!row || millisOf(row.expiresAt) <= clock.now()) return null;
      return { kept: read(kind, row.value), expiresAt: millisOf(row.expiresAt) };
    },
    restore: (token, kept, expiresAt) => insert(database, token, kept, expiresAt),
    async peek(kind, token) {
      const row = await database
        .selectFrom('verification')
        .where('identifier', '=', identifierOf(kind, token))
        .select(['value', 'expiresAt'])
        .executeTakeFirst();
      return row && millisOf(row.expiresAt) > clock.now() ? read(kind, row.value) : null;
    },
  };
}

function identifierOf(kind: Kept['kind'], token: string): string {
  return `${kind}:${createHash('sha256').update(token).digest('base64url')}`;
}

function read<K extends Kept['kind']>(kind: K, value: string): KeptOf<K> {
  const kept = Kept.parse(JSON.parse(value));
  if (kept.kind !== kind) throw new Error(`a row of kind ${kept.kind} under ${kind}`);
  return kept as KeptOf<K>;
}
