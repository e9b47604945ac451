/** Facts of a person enter; rows of `user` and `account` (their password) leave, and come back. */
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../ports/clock.ts';
import { type Database, isDuplicate } from '../../ports/database/database.ts';
import type { AccountLocale } from '../shared/account.ts';
import { flag, instant } from './columns.ts';

/** Key in `setting` of the account that runs this server: whoever writes it first has it. */
const OWNER_KEY = 'owner';

/** Somebody who has an account, with what checking a password needs. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly locale: AccountLocale;
  readonly emailVerified: boolean;
  readonly passwordHash: string | null;
}

export interface NewPerson {
  /** Canonical. */
  readonly email: string;
  readonly locale: AccountLocale;
  readonly passwordHash: string | null;
  readonly emailVerified: boolean;
}

export interface People {
  /** @param email canonical. */
  find(email: string): Promise<Person | null>;
  /** Makes an account; the very first one owns the server. Returns its id, or null where the address has one already. */
  create(person: NewPerson): Promise<string | null>;
  setPassword(userId: string, passwordHash: string | null): Promise<void>;
  markVerified(userId: string): Promise<void>;
  setLocale(userId: string, locale: AccountLocale): Promise<void>;
  /** Makes an account the owner in place of whoever was. */
  setOwner(userId: string): Promise<void>;
  list(): Promise<{ readonly email: string; readonly isOwner: boolean; readonly emailVerified: boolean }[]>;
  anybody(): Promise<boolean>;
}

export function createPeople(db: Database, clock: Clock): People {
  const insert = (person: NewPerson) =>
    db.transaction().execute(async (trx) => {
      const id = uuidv7();
      const now = instant(trx, clock.now());
      const first = await trx
        .insertInto('setting')
        .values({ key: OWNER_KEY, value: JSON.stringify(id) })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .returning('key')
        .executeTakeFirst();
      await trx
        .insertInto('user')
        .values({
          id,
          name: '',
          email: person.email,
          emailVerified: flag(trx, person.emailVerified),
          image: null,
          createdAt: now,
          updatedAt: now,
          locale: person.locale,
          isOwner: flag(trx, first !== undefined),
        })
        .execute();
      if (person.passwordHash !== null) await insertPassword(trx, id, person.passwordHash, now);
      return id;
    });

  return {
    async find(email) {
      const row = await db
        .selectFrom('user')
        .leftJoin('account', (join) =>
          join.onRef('account.userId', '=', 'user.id').on('account.providerId', '=', 'credential'),
        )
        .where('user.email', '=', email)
        .select(['user.id', 'user.email', 'user.locale', 'user.emailVerified', 'account.password'])
        .executeTakeFirst();
      if (!row) return null;
      return {
        id: row.id,
        email: row.email,
        locale: row.locale === 'fr' ? 'fr' : 'en',
        emailVerified: Boolean(row.emailVerified),
        passwordHash: row.password,
      };
    },
    async create(person) {
      try {
        return await insert(person);
      } catch (error) {
        if (isDuplicate(error)) return null;
        throw error;
      }
    },
    async setPassword(userId, passwordHash) {
      await db.transaction().execute(async (trx) => {
        await trx.deleteFrom('account').where('userId', '=', userId).where('providerId', '=', 'credential').execute();
        if (passwordHash !== null) await insertPassword(trx, userId, passwordHash, instant(trx, clock.now()));
      });
    },
    async markVerified(userId) {
      await db
        .updateTable('user')
        .set({ emailVerified: flag(db, true) })
        .where('id', '=', userId)
        .execute();
    },
    async setLocale(userId, locale) {
      await db.updateTable('user').set({ locale }).where('id', '=', userId).execute();
    },
    async setOwner(userId) {
      await db.transaction().execute(async (trx) => {
        const value = JSON.stringify(userId);
        await trx
          .insertInto('setting')
          .values({ key: OWNER_KEY, value })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
          .execute();
        await trx
          .updateTable('user')
          .set({ isOwner: flag(trx, false) })
          .execute();
        await trx
          .updateTable('user')
          .set({ isOwner: flag(trx, true) })
          .where('id', '=', userId)
          .execute();
      });
    },
    async list() {
      const rows = await db
        .selectFrom('user')
        .select(['email', 'isOwner', 'emailVerified'])
        .orderBy('createdAt')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        email: row.email,
        isOwner: Boolean(row.isOwner),
        emailVerified: Boolean(row.emailVerified),
      }));
    },
    async anybody() {
      return (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined;
    },
  };
}

async function insertPassword(trx: Database, userId: string, password: string, now: Date | string): Promise<void> {
  await trx
    .insertInto('account')
    .values({
      id: uuidv7(),
      accountId: userId,
      providerId: 'credential',
      userId,
      accessToken: null,
      refreshToken: null,
      idToken: null,
      accessTokenExpiresAt: null,
      refreshTokenExpiresAt: null,
      scope: null,
      password,
      createdAt: now,
      updatedAt: now,
    })
    .execute();
}
