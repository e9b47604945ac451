/** Somebody who is signed in enters; the routes for their own account leave: sessions, password, storage, export, erasure. */
import { z } from 'zod';
import { ApiError, refusals } from '../../ports/errors.ts';
import type { App } from '../../server/app-type.ts';
import type { Account } from '../shared/account.ts';
import { ChangePassword, Erase, OpenSession, Storage } from '../shared/requests.ts';
import type { Accounts } from './accounts.ts';
import { canonicalAddress } from './canonical-address.ts';
import { eraseRows, exportOf } from './leaving.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';

export interface AccountRoutesParts {
  readonly retentionDays: number;
  /** Folder where everything lies; told to the owner only. */
  readonly dataDir: string;
  /** Removes an account's pictures from wherever they are kept. */
  readonly eraseMedia: (accountId: string) => Promise<void>;
  /** Told once an account's rows are gone: whoever serves its cameras stops. */
  readonly onCamerasErased: (accountId: string, cameraIds: readonly string[]) => void;
}

const PASSWORD_CHECK = { tries: 10, windowSeconds: 600 };

export function accountRoutes(
  app: App,
  accounts: Accounts,
  { retentionDays, dataDir, eraseMedia, onCamerasErased }: AccountRoutesParts,
): void {
  const { requireSignedIn, sessions, people, limits, parts } = accounts.inner;
  const { db } = parts;

  const checkPassword = async (account: Account, given: string | undefined) => {
    await limits.take('password-check', account.id, PASSWORD_CHECK);
    const person = await people.find(account.email);
    const right = person?.passwordHash && given !== undefined && (await verifyPassword(person.passwordHash, given));
    if (!right) throw new ApiError(403, 'wrong-password', 'This is not the password.');
    await limits.forget('password-check', account.id);
  };

  app.get(
    '/api/account/sessions',
    {
      schema: {
        tags: ['account'],
        description: 'The browsers that are signed in.',
        response: { ...refusals(401), 200: z.object({ sessions: z.array(OpenSession) }) },
      },
    },
    async (request, reply) => ({
      sessions: await sessions.list(await requireSignedIn(request, reply)),
    }),
  );

  app.delete(
    '/api/account/sessions/:id',
    {
      schema: {
        tags: ['account'],
        description: 'Ends one session.',
        params: z.object({ id: z.string().regex(/^[\w-]{1,64}$/) }),
        response: { 204: z.null(), ...refusals(400, 401, 403) },
      },
    },
    async (request, reply) => {
      const { account } = await requireSignedIn(request, reply);
      await sessions.revoke(account.id, { id: request.params.id });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/account/sessions/end-others',
    {
      schema: {
        tags: ['account'],
        description: 'Ends every session but this one.',
        response: { 204: z.null(), ...refusals(401, 403) },
      },
    },
    async (request, reply) => {
      const { account, sessionId } = await requireSignedIn(request, reply);
      await sessions.revoke(account.id, { allBut: sessionId });
      return reply.code(204).send(null);
    },
  );

  app.put(
    '/api/account/password',
    {
      schema: {
        tags: ['account'],
        description: 'Sets or changes the password; a change ends the other sessions.',
        body: ChangePassword,
        response: { 204: z.null(), ...refusals(400, 401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      const { account, sessionId } = await requireSignedIn(request, reply);
      if (account.hasPassword) await checkPassword(account, request.body.current);
      await people.setPassword(account.id, await hashPassword(request.body.password));
      // Whoever knew the old one is out.
      if (account.hasPassword) await sessions.revoke(account.id, { allBut: sessionId });
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/account/storage',
    {
      schema: {
        tags: ['account'],
        description: 'How much is kept, where and how long.',
        response: { 200: Storage, ...refusals(401) },
      },
    },
    async (request, reply) => {
      const { account } = await requireSignedIn(request, reply);
      const kept = () =>
        db.selectFrom('event').where('event.accountId', '=', account.id).where('event.deletedAt', 'is', null);
      const [photos, clips] = await Promise.all([
        kept()
          .select((on) => [on.fn.countAll().as('events'), on.fn.sum('photoBytes').as('bytes')])
          .executeTakeFirstOrThrow(),
        kept()
          .innerJoin('clipPart', (join) =>
            join.onRef('clipPart.cameraId', '=', 'event.cameraId').onRef('clipPart.eventId', '=', 'event.id'),
          )
          .select((on) => on.fn.sum('clipPart.bytes').as('bytes'))
          .executeTakeFirstOrThrow(),
      ]);
      return {
        events: Number(photos.events),
        bytes: Number(photos.bytes ?? 0) + Number(clips.bytes ?? 0),
        retentionDays,
        folder: account.isOwner ? dataDir : null,
      };
    },
  );

  app.get(
    '/api/account/export',
    {
      schema: {
        tags: ['account'],
        description: 'Everything that is kept of the account but its pictures, as one JSON document.',
        response: { 200: z.looseObject({}), ...refusals(401) },
      },
    },
    async (request, reply) => {
      const { account } = await requireSignedIn(request, reply);
      reply
        .header('cache-control', 'no-store')
        .header('content-disposition', 'attachment; filename="vigie-export.json"');
      return exportOf(db, account);
    },
  );

  app.delete(
    '/api/account',
    {
      schema: {
        tags: ['account'],
        description:
          'Erases the account and all that is its own. Confirmed by the password, or by the address where it has none.',
        body: Erase,
        response: { 204: z.null(), ...refusals(400, 401, 403, 429) },
      },
    },
    async (request, reply) => {
      const { account } = await requireSignedIn(request);
      if (account.hasPassword) await checkPassword(account, request.body.password);
      else if (request.body.email === undefined || canonicalAddress(request.body.email) !== account.email)
        throw new ApiError(403, 'wrong-address', 'This is not the address of this account.');
      await sessions.end(request, reply);
      onCamerasErased(account.id, await eraseRows(db, account, parts.clock.now()));
      await eraseMedia(account.id).catch((error: unknown) =>
        request.log.error({ err: error }, 'pictures of an erased account could not be removed yet; it is tried again'),
      );
      return reply.code(204).send(null);
    },
  );
}
