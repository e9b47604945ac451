/** Requests of a signed-in account enter; its own mails leave, where no mail server is set. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError, refusals } from '../../ports/errors.ts';
import type { App } from '../../server/app-type.ts';
import { MailboxList, MailboxMessage } from '../shared/mailbox.ts';
import type { Mailbox } from './mailbox.ts';

export interface MailboxServices {
  readonly mailbox: Mailbox;
  readonly accounts: {
    /** @throws {ApiError} 401 `not-signed-in` */
    requireAccount(request: FastifyRequest): Promise<{ readonly id: string }>;
  };
}

const Params = z.object({ id: z.uuid() });

/** Adds `/api/mailbox`, `/api/mailbox/:id` and `/api/mailbox/:id/source`. */
export function mailboxRoutes(app: App, { mailbox, accounts }: MailboxServices): void {
  const unknown = () => new ApiError(404, 'mail-unknown', 'There is no such mail in this account.');

  app.get(
    '/api/mailbox',
    {
      schema: {
        tags: ['mail'],
        description: 'The mails of the account that stay in the app, newest first.',
        response: { 200: MailboxList, ...refusals(401) },
      },
    },
    async (request, reply) => {
      const { id } = await accounts.requireAccount(request);
      reply.header('cache-control', 'no-store');
      return { messages: await mailbox.list(id) };
    },
  );

  app.get(
    '/api/mailbox/:id',
    {
      schema: {
        tags: ['mail'],
        description: 'One of them.',
        params: Params,
        response: { 200: MailboxMessage, ...refusals(400, 401, 404) },
      },
    },
    async (request, reply) => {
      const { id } = await accounts.requireAccount(request);
      const message = await mailbox.get(id, request.params.id);
      if (message === null) throw unknown();
      reply.header('cache-control', 'no-store');
      return message;
    },
  );

  app.get(
    '/api/mailbox/:id/source',
    {
      schema: {
        tags: ['mail'],
        description: 'The message itself (RFC 5322), as a file that mail programs open.',
        params: Params,
        produces: ['message/rfc822'],
        response: { 200: z.string().meta({ description: 'message/rfc822' }), ...refusals(400, 401, 404) },
      },
    },
    async (request, reply) => {
      const { id } = await accounts.requireAccount(request);
      const source = await mailbox.source(id, request.params.id);
      if (source === null) throw unknown();
      return reply
        .type('message/rfc822')
        .header('content-disposition', `attachment; filename="${request.params.id}.eml"`)
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'no-store')
        .send(source);
    },
  );
}
