/** Requests about cameras enter; their account's cameras leave: registered, listed, changed, removed. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { ApiError, refusals } from '../../ports/errors.ts';
import type { App } from '../../server/app-type.ts';
import type { Presence } from '../shared/presence.ts';
import { Camera, CameraChange, CameraRegistration, Uuid } from '../shared/schema.ts';
import { type CameraAuthority, importPublicKey } from './authority.ts';
import type { CameraChanges } from './changes.ts';
import { addCamera, cameraOf, camerasOf, changeCamera, revokeCamera, toCamera } from './rows.ts';
import { checkSignatures } from './signed-json.ts';

/** Who is signed in; a part of the accounts feature. */
export interface AccountGate {
  /** @throws {ApiError} 401 `not-signed-in` */
  requireAccount(request: FastifyRequest): Promise<{ readonly id: string }>;
}

export interface CameraServices {
  readonly db: Database;
  readonly clock: Clock;
  readonly accounts: AccountGate;
  readonly authority: CameraAuthority;
  readonly presence: Presence;
  readonly changes: CameraChanges;
}

const Params = z.object({ cameraId: Uuid });

/** Adds `/api/cameras` and `/api/cameras/:cameraId`. A camera's own signature opens its own entry, nothing else. */
export function cameraRoutes(app: App, services: CameraServices): void {
  app.register(async (scope) => routes(scope, services));
}

function routes(app: App, { db, clock, accounts, authority, presence, changes }: CameraServices): void {
  const signers = checkSignatures(app, authority);

  /** The account for which a request may see or change that camera. */
  const accountFor = async (request: FastifyRequest, cameraId: string): Promise<string> => {
    const signed = signers.of(request);
    if (!signed) return (await accounts.requireAccount(request)).id;
    if (signed.cameraId !== cameraId) throw unknownCamera();
    return signed.accountId;
  };

  app.post(
    '/api/cameras',
    {
      schema: {
        tags: ['cameras'],
        description:
          'Registers this browser as a camera of the signed-in account. The same key again: the same camera.',
        body: CameraRegistration,
        response: { 200: Camera, 201: Camera, ...refusals(400, 401) },
      },
    },
    async (request, reply) => {
      const account = await accounts.requireAccount(request);
      await importPublicKey(request.body.publicKey).catch(() => {
        throw new ApiError(400, 'invalid', 'Some values are not accepted.', {
          publicKey: 'not a point of the curve P-256',
        });
      });
      const { row, isNew } = await addCamera(db, clock, account.id, request.body);
      if (isNew) changes.emit({ cameraId: row.id, accountId: account.id, what: 'registered' });
      return reply.code(isNew ? 201 : 200).send(toCamera(row, presence));
    },
  );

  app.get(
    '/api/cameras',
    {
      schema: {
        tags: ['cameras'],
        description: 'The cameras of the account, oldest first.',
        response: { 200: z.object({ cameras: z.array(Camera) }), ...refusals(401) },
      },
    },
    async (request) => {
      const account = await accounts.requireAccount(request);
      const rows = await camerasOf(db, account.id);
      return { cameras: rows.map((row) => toCamera(row, presence)) };
    },
  );

  app.get(
    '/api/cameras/:cameraId',
    {
      schema: {
        tags: ['cameras'],
        description: 'One camera, for its account or itself.',
        params: Params,
        security: [{ session: [] }, { camera: [] }],
        response: { 200: Camera, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const { cameraId } = request.params;
      const row = await cameraOf(db, await accountFor(request, cameraId), cameraId);
      if (!row) throw unknownCamera();
      return toCamera(row, presence);
    },
  );

  app.patch(
    '/api/cameras/:cameraId',
    {
      schema: {
        tags: ['cameras'],
        description:
          'Changes name and settings, for its account or itself. Live streaming is turned on by the camera itself alone.',
        params: Params,
        body: CameraChange,
        security: [{ session: [] }, { camera: [] }],
        response: { 200: Camera, ...refusals(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { cameraId } = request.params;
      const accountId = await accountFor(request, cameraId);
      if (request.body.settings?.streaming && !signers.of(request))
        throw new ApiError(403, 'streaming-by-camera-only', 'Live streaming is turned on at the camera itself.');
      const row = await changeCamera(db, accountId, cameraId, request.body);
      if (!row) throw unknownCamera();
      changes.emit({ cameraId, accountId, what: 'changed' });
      return toCamera(row, presence);
    },
  );

  app.delete(
    '/api/cameras/:cameraId',
    {
      schema: {
        tags: ['cameras'],
        description: 'Removes a camera: its key opens nothing any more. Its events stay.',
        params: Params,
        response: { 204: z.undefined(), ...refusals(401, 404) },
      },
    },
    async (request, reply) => {
      const account = await accounts.requireAccount(request);
      const { cameraId } = request.params;
      if (!(await revokeCamera(db, clock, account.id, cameraId))) throw unknownCamera();
      changes.emit({ cameraId, accountId: account.id, what: 'revoked' });
      presence.forget(cameraId);
      return reply.code(204).send();
    },
  );
}

function unknownCamera(): ApiError {
  return new ApiError(404, 'camera-unknown', 'This account has no such camera.');
}
