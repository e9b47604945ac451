/** Accounts enter; the routes by which one gets in and out leave: /api/session and /api/accounts/…. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { refusals } from '../../ports/errors.ts';
import type { App } from '../../server/app-type.ts';
import { Session } from '../shared/account.ts';
import {
  ChangeLocale,
  Entered,
  Forgot,
  Link,
  Reset,
  SignIn,
  SignUp,
  StartWithAddress,
  VerifyCode,
} from '../shared/requests.ts';
import type { Accounts } from './accounts.ts';
import { canonicalAddress } from './canonical-address.ts';
import type { Outcome } from './entering.ts';
import { type Limit, networkOf } from './limits.ts';
import { refuseForeignRequest } from './origin.ts';
import { FORGET_WHAT_WAS_SEEN } from './sessions.ts';

const MINUTE = 60;
/** Tries that one network, one address from one network, and one address from everywhere have. */
const LIMITS = {
  register: { tries: 60, windowSeconds: 10 * MINUTE },
  codeHere: { tries: 5, windowSeconds: 15 * MINUTE },
  codeAddress: { tries: 20, windowSeconds: 60 * MINUTE },
  forgotHere: { tries: 5, windowSeconds: 15 * MINUTE },
  forgotAddress: { tries: 20, windowSeconds: 60 * MINUTE },
  verify: { tries: 30, windowSeconds: 10 * MINUTE },
  signInHere: { tries: 8, windowSeconds: 5 * MINUTE },
  signInNetwork: { tries: 40, windowSeconds: 10 * MINUTE },
  signInAddress: { tries: 100, windowSeconds: 15 * MINUTE },
  link: { tries: 30, windowSeconds: 10 * MINUTE },
} as const satisfies Record<string, Limit>;

/** @param server what `GET /api/session` tells of this server */
export function accountsRoutes(app: App, accounts: Accounts, server: { readonly retentionDays: number }): void {
  const { entering, sessions, people, parts } = accounts.inner;
  const publicUrl = parts.publicUrl;

  const limited = (what: keyof typeof LIMITS, who: string) => accounts.inner.limits.take(what, who, LIMITS[what]);
  const network = (request: FastifyRequest) => networkOf(request.ip);
  /** A stranger who asks for mails to somebody's address must use up their own tries first. */
  const limitedMail = async (what: 'code' | 'forgot', request: FastifyRequest, typed: string) => {
    const email = canonicalAddress(typed);
    await limited(`${what}Here`, `${network(request)} ${email}`);
    await limited(`${what}Address`, email);
  };
  const enter = async (outcome: Outcome, request: FastifyRequest, reply: FastifyReply): Promise<Entered> => {
    if ('flow' in outcome) return { next: 'code', flow: outcome.flow };
    await sessions.open(outcome.userId, request, reply);
    return { next: 'in', passwordDropped: outcome.passwordDropped };
  };
  const enterAs = (userId: string, request: FastifyRequest, reply: FastifyReply) =>
    enter({ userId, passwordDropped: false }, request, reply);

  app.get(
    '/api/session',
    {
      schema: {
        tags: ['accounts'],
        description: 'Who is signed in, and what this server is like.',
        response: { 200: Session },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return {
        account: (await sessions.read(request, reply))?.account ?? null,
        mail: parts.post.mode(),
        registration: parts.registration,
        serverName: publicUrl === undefined ? request.host : new URL(publicUrl).host,
        retentionDays: server.retentionDays,
      };
    },
  );

  app.post(
    '/api/session/locale',
    {
      schema: {
        tags: ['accounts'],
        description: 'Sets the language of the account: of its mails.',
        body: ChangeLocale,
        response: { 200: ChangeLocale, ...refusals(400, 401, 403) },
      },
    },
    async (request, reply) => {
      const { account } = await accounts.inner.requireSignedIn(request, reply);
      await people.setLocale(account.id, request.body.locale);
      return request.body;
    },
  );

  app.post(
    '/api/accounts/sign-up',
    {
      schema: {
        tags: ['accounts'],
        description:
          'Makes an account. With a mail server a code is sent, whoever the address belongs to; without one the account works at once.',
        body: SignUp,
        response: { 200: Entered, ...refusals(400, 403, 409, 410, 429, 503) },
      },
    },
    async (request, reply) => {
      refuseForeignRequest(request, publicUrl);
      await limited('register', network(request));
      if (parts.post.mode() === 'smtp') await limitedMail('code', request, request.body.email);
      return enter(await entering.signUp(request.body), request, reply);
    },
  );

  app.post(
    '/api/accounts/start',
    {
      schema: {
        tags: ['accounts'],
        description: 'Starts with an address alone: a code by mail, or a new account bound to this browser.',
        body: StartWithAddress,
        response: { 200: Entered, ...refusals(400, 403, 409, 410, 429) },
      },
    },
    async (request, reply) => {
      refuseForeignRequest(request, publicUrl);
      await limited('register', network(request));
      if (parts.post.mode() === 'smtp') await limitedMail('code', request, request.body.email);
      return enter(await entering.start(request.body), request, reply);
    },
  );

  app.post(
    '/api/accounts/verify',
    {
      schema: {
        tags: ['accounts'],
        description: 'Answers with the code of a mail: signs in, and makes the account where there was none.',
        body: VerifyCode,
        response: { 200: Entered, ...refusals(400, 403, 410, 422, 429) },
      },
    },
    async (request, reply) => {
      refuseForeignRequest(request, publicUrl);
      await limited('verify', network(request));
      return enter(await entering.verify(request.body.flow, request.body.code), request, reply);
    },
  );

  app.post(
    '/api/accounts/sign-in',
    {
      schema: {
        tags: ['accounts'],
        description: 'Signs in with address and password.',
        security: [],
        body: SignIn,
        response: { 200: Entered, ...refusals(400, 401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      refuseForeignRequest(request, publicUrl);
      const email = canonicalAddress(request.body.email);
      const here = `${network(request)} ${email}`;
      await limited('signInNetwork', network(request));
      await limited('signInHere', here);
      // A crowd that guesses from everywhere must not keep the owner out of a place where they were before.
      if (!(await sessions.knows(email, request.ip))) await limited('signInAddress', email);
      const userId = await entering.signIn(request.body.email, request.body.password);
      await accounts.inner.limits.forget('signInHere', here);
      await accounts.inner.limits.giveBack('signInNetwork', network(request));
      return enterAs(userId, request, reply);
    },
  );

  app.post(
    '/api/accounts/forgot',
    {
      schema: {
        tags: ['accounts'],
        description:
          'Mails a link that lets one choose a new password, if the address has an account; the answer does not tell.',
        body: Forgot,
        response: { 200: z.object({ next: z.literal('mail') }), ...refusals(400, 403, 409, 429) },
      },
    },
    async (request) => {
      refuseForeignRequest(request, publicUrl);
      await limited('register', network(request));
      await limitedMail('forgot', request, request.body.email);
      await entering.forgot(request.body.email);
      return { next: 'mail' as const };
    },
  );

  app.post(
    '/api/accounts/reset',
    {
      schema: {
        tags: ['accounts'],
        description: 'Sets a new password by a one-time link, ends every session and signs in.',
        body: Reset,
        response: { 200: Entered, ...refusals(400, 403, 410, 429, 503) },
      },
    },
    async (request, reply) => {
      refuseForeignRequest(request, publicUrl);
      await limited('link', network(request));
      const userId = await entering.reset(request.body.token, request.body.password);
      reply.headers(FORGET_WHAT_WAS_SEEN);
      return enterAs(userId, request, reply);
    },
  );

  app.post(
    '/api/accounts/link',
    {
      schema: {
        tags: ['accounts'],
        description: 'Signs in by a one-time link from the command line.',
        body: Link,
        response: { 200: Entered, ...refusals(400, 403, 410, 429) },
      },
    },
    async (request, reply) => {
      refuseForeignRequest(request, publicUrl);
      await limited('link', network(request));
      return enterAs(await entering.link(request.body.token), request, reply);
    },
  );

  app.post(
    '/api/accounts/sign-out',
    {
      schema: { tags: ['accounts'], description: 'Ends this session.', response: { 204: z.null(), ...refusals(403) } },
    },
    async (request, reply) => {
      refuseForeignRequest(request, publicUrl);
      await sessions.end(request, reply);
      return reply.code(204).send(null);
    },
  );
}
