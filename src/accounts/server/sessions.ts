/** A request enters; who is signed in leaves, and sessions open and end. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { type Account, AccountLocale } from '../shared/account.ts';
import { isAddress } from '../shared/address.ts';
import type { OpenSession } from '../shared/requests.ts';
import type { Auth } from './auth.ts';
import { CLIENT_ADDRESS_FIELD } from './client-address.ts';
import { instant, millisOf } from './columns.ts';
import { networkOf } from './limits.ts';
import { type Arrival, isSecure } from './origin.ts';

/** The session's id with the account that it belongs to. */
export interface SignedIn {
  readonly sessionId: string;
  readonly account: Account;
}

export interface Sessions {
  /** Who a request comes from; null: nobody who is signed in. Given a reply, a session that ages is renewed on it. */
  read(request: FastifyRequest, reply?: FastifyReply): Promise<SignedIn | null>;
  /** The same for a `Cookie` header and the address that it was sent to (a WebSocket's upgrade); renews nothing. */
  readCookie(cookieHeader: string, to: Pick<Arrival, 'protocol' | 'host'>): Promise<SignedIn | null>;
  /** Signs a browser in: a fresh session, its cookie on the reply. */
  open(userId: string, request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Signs this browser out. */
  end(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  list(signedIn: SignedIn): Promise<OpenSession[]>;
  /** Whether an account has an open session that came from the network of this address. */
  knows(email: string, ip: string): Promise<boolean>;
  /** Ends sessions of an account: one, or all but `keep`. */
  revoke(accountId: string, which: { readonly id: string } | { readonly allBut: string | null }): Promise<void>;
}

/** W3C Clear Site Data § 3.1: what the browser keeps of the answers, photos too. Not a service worker's pages, which are "storage". */
export const FORGET_WHAT_WAS_SEEN = { 'clear-site-data': '"cache"' } as const;

export function createSessions(db: Database, clock: Clock, secret: string, publicUrl: string | undefined): Sessions {
  // Each in turn when the first page asks for it.
  const made = new Map<boolean, Promise<Auth>>();
  const authFor = (secure: boolean) => {
    const auth = made.get(secure) ?? import('./auth.ts').then(({ createAuth }) => createAuth(db, secret, secure));
    made.set(secure, auth);
    return auth;
  };

  const accountOf = async (userId: string): Promise<Account | null> => {
    const user = await db
      .selectFrom('user')
      .leftJoin('account', (join) =>
        join.onRef('account.userId', '=', 'user.id').on('account.providerId', '=', 'credential'),
      )
      .where('user.id', '=', userId)
      .select(['user.id', 'user.email', 'user.emailVerified', 'user.locale', 'user.isOwner', 'account.password'])
      .executeTakeFirst();
    if (!user) return null;
    return {
      id: user.id,
      email: user.email,
      locale: AccountLocale.catch('en').parse(user.locale),
      isOwner: Boolean(user.isOwner),
      emailVerified: Boolean(user.emailVerified),
      hasPassword: user.password !== null,
    };
  };
  /** @param renew whether a session that ages lives longer from now on: only where the browser gets the cookie for it */
  const ask = async (secure: boolean, headers: Headers, renew: boolean) => {
    if (!headers.get('cookie')?.includes('vigie.session_token')) return null;
    const { api } = await authFor(secure);
    const { response, headers: answered } = await api.getSession({
      headers,
      query: renew ? {} : { disableRefresh: true },
      returnHeaders: true,
    });
    const account = response === null ? null : await accountOf(response.user.id);
    return response === null || account === null
      ? null
      : { signedIn: { sessionId: response.session.id, account }, answered };
  };

  return {
    async read(request, reply) {
      const answer = await ask(isSecure(request, publicUrl), headersOf(request), reply !== undefined);
      // A cookie is given, never taken away: the answer may come after one that gave a newer.
      if (reply && answer) passCookies(answer.answered, reply);
      return answer?.signedIn ?? null;
    },
    async readCookie(cookieHeader, to) {
      // A browser sends its Secure cookies to http://localhost as well: the address decides which of the two counts.
      const headers = new Headers({ cookie: cookieHeader });
      return (await ask(isSecure(to, publicUrl), headers, false))?.signedIn ?? null;
    },
    async open(userId, request, reply) {
      const auth = await authFor(isSecure(request, publicUrl));
      const { headers } = await auth.api.openSession({
        body: { userId },
        headers: headersOf(request),
        returnHeaders: true,
      });
      passCookies(headers, reply);
    },
    async end(request, reply) {
      const auth = await authFor(isSecure(request, publicUrl));
      const { headers } = await auth.api.signOut({ headers: headersOf(request), returnHeaders: true });
      passCookies(headers, reply);
      reply.headers(FORGET_WHAT_WAS_SEEN);
    },
    async list({ sessionId, account }) {
      const rows = await db
        .selectFrom('session')
        .where('userId', '=', account.id)
        .where('expiresAt', '>', instant(db, clock.now()))
        .select(['id', 'createdAt', 'updatedAt', 'expiresAt', 'userAgent'])
        .orderBy('updatedAt', 'desc')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        createdAt: millisOf(row.createdAt),
        lastUsedAt: millisOf(row.updatedAt),
        userAgent: row.userAgent ?? '',
        isThisOne: row.id === sessionId,
      }));
    },
    async knows(email, ip) {
      if (!isAddress(email)) return false;
      const rows = await db
        .selectFrom('session')
        .innerJoin('user', 'user.id', 'session.userId')
        .where('user.email', '=', email)
        .where('session.expiresAt', '>', instant(db, clock.now()))
        .select('session.ipAddress')
        .execute();
      // Better Auth writes an address in a form of its own: what is compared is the network.
      const here = networkOf(ip);
      return rows.some((row) => row.ipAddress !== null && networkOf(row.ipAddress) === here);
    },
    async revoke(accountId, which) {
      const all = db.deleteFrom('session').where('userId', '=', accountId);
      if ('id' in which) await all.where('id', '=', which.id).execute();
      else await (which.allBut === null ? all : all.where('id', '!=', which.allBut)).execute();
    },
  };
}

/** Only what Better Auth may see of a request: its cookie, the browser's name, and the address as the server knows it. */
function headersOf(request: FastifyRequest): Headers {
  // Better Auth takes no address with a zone (`fe80::1%eth0`).
  const headers = new Headers({ [CLIENT_ADDRESS_FIELD]: request.ip.replace(/%.*$/, '') });
  for (const name of ['cookie', 'user-agent'] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  return headers;
}

function passCookies(from: Headers, reply: FastifyReply): void {
  for (const cookie of from.getSetCookie()) reply.header('set-cookie', cookie);
}
