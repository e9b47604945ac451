/** A database and a secret enter; Better Auth leaves as what we use of it: sessions and their signed cookie. */
import { betterAuth } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Database } from '../../ports/database/database.ts';
import { isPostgres } from '../../ports/database/kind.ts';
import { CLIENT_ADDRESS_FIELD } from './client-address.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';

const DAY_SECONDS = 24 * 3600;

/**
 * One instance for pages over TLS (cookie `__Secure-vigie.session_token`, Secure) and one for `http://localhost`,
 * on the same tables. Its HTTP handler is mounted nowhere: our routes call its functions, after our own check of the
 * origin and our own limits, so that nothing can be reached that our pages do not use.
 */
export function createAuth(db: Database, secret: string, secure: boolean) {
  return betterAuth({
    appName: 'Vigie',
    secret,
    // Needed for links that we do not let it make; the name can belong to nobody (RFC 6761).
    baseURL: secure ? 'https://vigie.invalid' : 'http://vigie.invalid',
    database: { db, type: isPostgres(db) ? ('postgres' as const) : ('sqlite' as const) },
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    session: { expiresIn: 90 * DAY_SECONDS, updateAge: DAY_SECONDS, cookieCache: { enabled: false } },
    emailAndPassword: {
      enabled: false,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
    },
    user: {
      additionalFields: {
        locale: { type: 'string', required: false, input: false },
        isOwner: { type: 'boolean', required: false, input: false },
      },
    },
    advanced: {
      cookiePrefix: 'vigie',
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure },
      database: { generateId: () => uuidv7() },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_FIELD] },
    },
    plugins: [opening],
  });
}

export type Auth = ReturnType<typeof createAuth>;

/** The one thing that Better Auth has no function for: a session for somebody whom our own flows know. */
const opening = {
  id: 'vigie-opening' as const,
  endpoints: {
    openSession: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ userId: z.string() }), requireHeaders: true },
      async (ctx) => {
        const { internalAdapter } = ctx.context;
        const user = await internalAdapter.findUserById(ctx.body.userId);
        if (!user) throw ctx.error('NOT_FOUND');
        // Never the session that the browser came with: whoever planted that one must not share what follows.
        const planted = await ctx.getSignedCookie(ctx.context.authCookies.sessionToken.name, ctx.context.secret);
        if (planted) await internalAdapter.deleteSession(planted);
        const session = await internalAdapter.createSession(user.id);
        await setSessionCookie(ctx, { session, user });
        return { sessionId: session.id };
      },
    ),
  },
};
