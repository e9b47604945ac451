/** An address, and a password or a proof of it, enter; a person who may be let in leaves, or what comes next. */
import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { DeliveryOrder } from '../../alerts/server/deliveries.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { ApiError } from '../../ports/errors.ts';
import type { Registration } from '../shared/account.ts';
import { isAddress } from '../shared/address.ts';
import type { SignUp, StartWithAddress } from '../shared/requests.ts';
import { canonicalAddress } from './canonical-address.ts';
import type { KeptOf, OneTime } from './one-time.ts';
import { hashPassword, verifyNothing, verifyPassword } from './password-hash.ts';
import type { People, Person } from './people.ts';

const MINUTE_MILLIS = 60_000;
const CODE_VALID_MILLIS = 15 * MINUTE_MILLIS;
/** Wrong answers to one code; with the limits on codes sent, one guess in a million has few chances. */
const WRONG_TRIES_MAX = 5;
/** Whom a link is for that is sent to no one. */
const NOBODY = '';
export const RESET_VALID_MILLIS = 30 * MINUTE_MILLIS;

/** Outgoing mail, as far as accounts need it. */
export interface Post {
  /** Whether a mail server is set; else what is sent stays in the account's own mailbox page. */
  mode(): 'smtp' | 'mailbox';
  /** Queues a message in the caller's transaction. */
  queueDelivery(trx: Database, order: DeliveryOrder): Promise<unknown>;
  /** Says that the transaction is committed. */
  wake(): void;
}

/** Let in, or a code to give back with `flow`. */
export type Outcome = { readonly userId: string; readonly passwordDropped: boolean } | { readonly flow: string };

/** Who an account is to be made for, once the code came back. */
type Newcomer = Pick<KeptOf<'code'>, 'email' | 'locale' | 'passwordHash' | 'invite'>;

export interface Entering {
  signUp(order: SignUp): Promise<Outcome>;
  start(order: StartWithAddress): Promise<Outcome>;
  verify(flow: string, code: string): Promise<Outcome>;
  /** @returns the person's id. @throws {ApiError} 401 `wrong-credentials`, the same and as late for an unknown address. */
  signIn(typed: string, password: string): Promise<string>;
  /** Sends a link to the address, if it has an account; nobody learns whether. */
  forgot(typed: string): Promise<void>;
  reset(token: string, password: string): Promise<string>;
  link(token: string): Promise<string>;
}

export interface EnteringParts {
  readonly db: Database;
  readonly clock: Clock;
  readonly people: People;
  readonly oneTime: OneTime;
  readonly post: Post;
  readonly registration: Registration;
  /** Origin that links in mails begin with. */
  readonly linkOrigin: () => string;
  /** Ends every session of an account. */
  readonly endSessions: (userId: string) => Promise<void>;
}

export function createEntering(parts: EnteringParts): Entering {
  const { clock, people, oneTime, post } = parts;
  const withMail = () => post.mode() === 'smtp';

  const mayRegister = async (email: string, invite: string | undefined): Promise<boolean> => {
    if (invite !== undefined) return (await oneTime.peek('invite', invite))?.email === email;
    return parts.registration === 'open';
  };
  const useInvite = async (invite: string | null | undefined) => {
    if (invite) await oneTime.redeem('invite', invite);
  };

  /** Keeps the right answer and queues the mail in one transaction; as much is stored for either mail. */
  const sendCode = async (to: Newcomer, message: 'code' | 'known' | 'nothing', person: Person | null) => {
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const expiresAt = clock.now() + CODE_VALID_MILLIS;
    const flow = await parts.db.transaction().execute(async (trx) => {
      // Hashed with the token, which is in no table: a look at the database tells no code.
      const keptOf = (made: string) => ({
        kind: 'code' as const,
        ...to,
        codeHash: message === 'code' ? hashCode(made, code) : null,
        wrongTries: 0,
      });
      const token = await oneTime.issue(trx, keptOf, CODE_VALID_MILLIS);
      const addressee = { accountId: person?.id ?? null, recipient: to.email, locale: person?.locale ?? to.locale };
      if (message === 'code')
        await post.queueDelivery(trx, { ...addressee, kind: 'code', payload: { code, expiresAt } });
      if (message === 'known') await post.queueDelivery(trx, { ...addressee, kind: 'known', payload: {} });
      return token;
    });
    post.wake();
    return { flow };
  };

  /** The address was proved. Whoever made the account without proving it loses the way in. */
  const prove = async (person: Person): Promise<boolean> => {
    if (person.emailVerified) return false;
    if (person.passwordHash !== null) await people.setPassword(person.id, null);
    await parts.endSessions(person.id);
    await people.markVerified(person.id);
    return person.passwordHash !== null;
  };

  return {
    async signUp({ email: typed, password, locale, invite }) {
      const email = canonicalAddress(typed);
      const allowed = await mayRegister(email, invite);
      if (!allowed && invite === undefined) throw registrationClosed(parts.registration);
      if (!allowed) throw linkInvalid();
      const passwordHash = await hashPassword(password);
      const person = await people.find(email);
      if (withMail())
        return sendCode({ email, locale, passwordHash, invite: invite ?? null }, person ? 'known' : 'code', person);
      if (person) throw addressTaken();
      const userId = await people.create({ email, locale, passwordHash, emailVerified: false });
      if (userId === null) throw addressTaken();
      await useInvite(invite);
      return { userId, passwordDropped: false };
    },

    async start({ email: typed, locale, invite }) {
      const email = canonicalAddress(typed);
      const person = await people.find(email);
      const allowed = await mayRegister(email, invite);
      // With mail, whoever has an account gets a code even where nobody may register: the answer is the same for all.
      if (withMail())
        return sendCode(
          { email, locale, passwordHash: null, invite: invite ?? null },
          person || allowed ? 'code' : 'nothing',
          person,
        );
      if (!allowed) throw invite === undefined ? registrationClosed(parts.registration) : linkInvalid();
      if (person) throw addressTaken();
      const userId = await people.create({ email, locale, passwordHash: null, emailVerified: false });
      if (userId === null) throw addressTaken();
      await useInvite(invite);
      return { userId, passwordDropped: false };
    },

    async verify(flow, code) {
      const found = await oneTime.redeem('code', flow);
      if (!found) throw new ApiError(410, 'code-expired', 'This code is no longer valid. Ask for a new one.');
      const { kept } = found;
      if (kept.codeHash === null || !sameHash(kept.codeHash, hashCode(flow, code))) {
        const wrongTries = kept.wrongTries + 1;
        if (wrongTries < WRONG_TRIES_MAX) await oneTime.restore(flow, { ...kept, wrongTries }, found.expiresAt);
        throw new ApiError(422, 'code-wrong', 'This is not the code. Look at the newest mail.');
      }
      const made = await people.create({
        email: kept.email,
        locale: kept.locale,
        passwordHash: kept.passwordHash,
        emailVerified: true,
      });
      if (made !== null) {
        await useInvite(kept.invite);
        return { userId: made, passwordDropped: false };
      }
      const person = await people.find(kept.email);
      if (!person) throw new ApiError(410, 'code-expired', 'This code is no longer valid. Ask for a new one.');
      return { userId: person.id, passwordDropped: await prove(person) };
    },

    async signIn(typed, password) {
      const person = isAddress(typed) ? await people.find(canonicalAddress(typed)) : null;
      const right = person?.passwordHash
        ? await verifyPassword(person.passwordHash, password)
        : await verifyNothing(password);
      if (!person || !right) throw new ApiError(401, 'wrong-credentials', 'The address or the password is wrong.');
      return person.id;
    },

    async forgot(typed) {
      if (!withMail())
        throw new ApiError(
          409,
          'no-mail',
          'This server sends no mail. Whoever runs it can make a link: npm run account -- reset ADDRESS',
        );
      const person = await people.find(canonicalAddress(typed));
      await parts.db.transaction().execute(async (trx) => {
        const kept = { kind: 'reset' as const, userId: person?.id ?? NOBODY, proves: true };
        const token = await oneTime.issue(trx, () => kept, RESET_VALID_MILLIS);
        // As much is written for an unknown address, in a transaction that reaches the disk: it answers no sooner.
        if (!person) return oneTime.issue(trx, () => kept, RESET_VALID_MILLIS);
        const payload = { url: `${parts.linkOrigin()}/#reset=${token}`, expiresAt: clock.now() + RESET_VALID_MILLIS };
        return post.queueDelivery(trx, {
          accountId: person.id,
          recipient: person.email,
          locale: person.locale,
          kind: 'reset',
          payload,
        });
      });
      post.wake();
    },

    async reset(token, password) {
      const passwordHash = await hashPassword(password);
      const found = await oneTime.redeem('reset', token);
      if (!found) throw linkInvalid();
      const { userId, proves } = found.kept;
      await people.setPassword(userId, passwordHash);
      await parts.endSessions(userId);
      if (proves) await people.markVerified(userId);
      return userId;
    },

    async link(token) {
      const found = await oneTime.redeem('sign-in', token);
      if (!found) throw linkInvalid();
      return found.kept.userId;
    },
  };
}

function registrationClosed(registration: Registration): ApiError {
  return registration === 'invite'
    ? new ApiError(403, 'invite-needed', 'This server takes new accounts by invitation only.')
    : new ApiError(403, 'registration-closed', 'This server takes no new accounts.');
}

function addressTaken(): ApiError {
  return new ApiError(409, 'address-taken', 'This address has an account already. Sign in instead.', {
    email: 'taken',
  });
}

function linkInvalid(): ApiError {
  return new ApiError(410, 'link-invalid', 'This link was used already, or is too old. Ask for a new one.');
}

function hashCode(flow: string, code: string): string {
  return createHash('sha256').update(`${flow}\0${code}`).digest('base64url');
}

function sameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
