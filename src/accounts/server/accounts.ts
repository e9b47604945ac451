/** The engines enter; accounts leave: who a request is from, how one gets in and out, and the routes for it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { ApiError } from '../../ports/errors.ts';
import type { Account, Registration } from '../shared/account.ts';
import { createEntering, type Entering, type Post } from './entering.ts';
import { createLimits, type Limits } from './limits.ts';
import { createOneTime } from './one-time.ts';
import { isOwnOrigin, refuseForeignRequest } from './origin.ts';
import { createPeople, type People } from './people.ts';
import { createSessions, type Sessions, type SignedIn } from './sessions.ts';

export interface AccountsParts {
  readonly db: Database;
  readonly clock: Clock;
  /** The server's secret; everything signed or keyed here derives from it. */
  readonly secret: string;
  readonly publicUrl: string | undefined;
  readonly registration: Registration;
  readonly post: Post;
  /** Origin that links in mails begin with: PUBLIC_URL, or the best name on the local network. */
  readonly linkOrigin: () => string;
}

export interface Accounts {
  /** Who a request is from; null: nobody who is signed in. Given a reply, a session that ages is renewed on it. */
  accountOf(request: FastifyRequest, reply?: FastifyReply): Promise<Account | null>;
  /**
   * For routes that a person's pages call. Given a reply, a session that ages is renewed on it.
   * @throws {ApiError} 401 `not-signed-in`; 403 `origin-refused` where another site made the browser ask.
   */
  requireAccount(request: FastifyRequest, reply?: FastifyReply): Promise<Account>;
  /**
   * For a WebSocket's upgrade: check the origin with {@link isOwnOrigin} as well.
   * @param to how and under which name the browser reached this server: one for TLS has a session of its own
   */
  accountByCookie(
    cookieHeader: string,
    to: { readonly protocol: string; readonly host: string },
  ): Promise<Account | null>;
  /** Whether an `Origin` is this server by the name it was asked under. */
  isOwnOrigin(origin: string, request: { readonly protocol: string; readonly host: string }): boolean;
  /** For this feature's own routes. */
  readonly inner: AccountsInner;
}

export interface AccountsInner {
  readonly parts: AccountsParts;
  readonly people: People;
  readonly sessions: Sessions;
  readonly entering: Entering;
  readonly limits: Limits;
  requireSignedIn(request: FastifyRequest, reply?: FastifyReply): Promise<SignedIn>;
}

export function createAccounts(parts: AccountsParts): Accounts {
  const { db, clock, secret, publicUrl } = parts;
  const people = createPeople(db, clock);
  const sessions = createSessions(db, clock, secret, publicUrl);
  const entering = createEntering({
    ...parts,
    people,
    oneTime: createOneTime(db, clock),
    endSessions: (userId) => sessions.revoke(userId, { allBut: null }),
  });
  const requireSignedIn = async (request: FastifyRequest, reply?: FastifyReply): Promise<SignedIn> => {
    refuseForeignRequest(request, publicUrl);
    const signedIn = await sessions.read(request, reply);
    if (!signedIn) throw new ApiError(401, 'not-signed-in', 'Sign in first.');
    return signedIn;
  };
  return {
    accountOf: async (request, reply) => (await sessions.read(request, reply))?.account ?? null,
    requireAccount: async (request, reply) => (await requireSignedIn(request, reply)).account,
    accountByCookie: async (cookieHeader, to) => (await sessions.readCookie(cookieHeader, to))?.account ?? null,
    isOwnOrigin: (origin, request) => isOwnOrigin(origin, request, publicUrl),
    inner: { parts, people, sessions, entering, limits: createLimits(db, clock, secret), requireSignedIn },
  };
}
