/** The owner's requests about the mail server enter; settings without the password, or a test's answer, leave. */
import type { FastifyRequest } from 'fastify';
import { ApiError, refusals } from '../../ports/errors.ts';
import type { App } from '../../server/app-type.ts';
import { MailSettingsState, MailTest, OwnerSmtp } from '../shared/settings.ts';
import { PRESETS } from './presets.ts';
import type { MailSettings } from './settings.ts';

interface Owner {
  readonly id: string;
  readonly isOwner: boolean;
  readonly email: string;
  readonly locale: 'en' | 'fr';
}

export interface MailSettingsServices {
  readonly settings: MailSettings;
  readonly accounts: {
    /** @throws {ApiError} 401 `not-signed-in` */
    requireAccount(request: FastifyRequest): Promise<Owner>;
  };
  /** How many messages wait, and what the last of them heard. */
  readonly waiting: () => Promise<{
    readonly count: number;
    readonly trouble: { readonly code: string; readonly text: string | null } | null;
  }>;
  /** Another server is in use from now on, or the one in use works again. */
  readonly onChange: () => void;
  /** Sends a test mail to this person and waits for the server's answer. */
  readonly test: (owner: Owner) => Promise<MailTest>;
}

/** Adds `/api/mail/settings` and `/api/mail/test`, for the account that runs this server. */
export function mailSettingsRoutes(
  app: App,
  { settings, accounts, waiting, onChange, test }: MailSettingsServices,
): void {
  const requireOwner = async (request: FastifyRequest): Promise<Owner> => {
    const account = await accounts.requireAccount(request);
    if (!account.isOwner) throw new ApiError(403, 'owner-only', 'Only the account that runs this server may do this.');
    return account;
  };
  const requireChangeable = () => {
    if (settings.source() === 'environment')
      throw new ApiError(409, 'set-by-environment', 'The mail server is set by SMTP_URL, which wins over this page.');
  };
  const state = async (): Promise<MailSettingsState> => {
    const smtp = settings.smtp();
    const owners = settings.owners();
    const { count, trouble } = await waiting();
    return {
      source: settings.source(),
      server: smtp === null ? null : { host: smtp.host, port: smtp.port, security: smtp.security },
      from: settings.sender().address,
      page: owners === null ? null : { ...owners.settings, hasPassword: owners.hasPassword, from: owners.from },
      presets: [...PRESETS],
      queue: { waiting: count, trouble },
    };
  };

  app.get(
    '/api/mail/settings',
    {
      schema: {
        tags: ['mail'],
        description: 'The mail server in use, and what common providers want.',
        response: { 200: MailSettingsState, ...refusals(401, 403) },
      },
    },
    async (request, reply) => {
      await requireOwner(request);
      reply.header('cache-control', 'no-store');
      return state();
    },
  );

  app.put(
    '/api/mail/settings',
    {
      schema: {
        tags: ['mail'],
        description:
          'Sets the mail server. The password is sealed on disk and never told again; left out, the one for this host and user stays.',
        body: OwnerSmtp,
        response: { 200: MailSettingsState, ...refusals(400, 401, 403, 409) },
      },
    },
    async (request) => {
      await requireOwner(request);
      requireChangeable();
      await settings.save(request.body);
      onChange();
      return state();
    },
  );

  app.delete(
    '/api/mail/settings',
    {
      schema: {
        tags: ['mail'],
        description: 'Forgets the mail server: mails stay in the app.',
        response: { 200: MailSettingsState, ...refusals(401, 403, 409) },
      },
    },
    async (request) => {
      await requireOwner(request);
      requireChangeable();
      await settings.save(null);
      onChange();
      return state();
    },
  );

  app.post(
    '/api/mail/test',
    {
      schema: {
        tags: ['mail'],
        description: 'Sends a test mail to the owner now; the answer comes within 15 seconds.',
        response: { 200: MailTest, ...refusals(401, 403) },
      },
    },
    async (request) => {
      const answer = await test(await requireOwner(request));
      // What waited for this server need not wait any longer.
      if (answer.result === 'sent') onChange();
      return answer;
    },
  );
}
