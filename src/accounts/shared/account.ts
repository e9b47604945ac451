/** An account and its session as the API shows them: unknown enters, checked values leave. */
import { z } from 'zod';

export const AccountLocale = z.enum(['en', 'fr']);
export type AccountLocale = z.infer<typeof AccountLocale>;

/** Somebody who is signed in. */
export const Account = z.object({
  id: z.string(),
  /** Lower case, as mail is sent to it. */
  email: z.string(),
  locale: AccountLocale,
  /** Whether this account runs the server: the first one made. */
  isOwner: z.boolean(),
  /** Whether a code or link sent to the address came back. */
  emailVerified: z.boolean(),
  /** False: made with an address alone; one can sign in elsewhere by code only, or not at all. */
  hasPassword: z.boolean(),
});
export type Account = z.infer<typeof Account>;

/** Who may make an account: anybody, who was invited, nobody. */
export const Registration = z.enum(['open', 'invite', 'closed']);
export type Registration = z.infer<typeof Registration>;

/** Answer of `GET /api/session`: who is signed in, and what this server is like. */
export const Session = z.object({
  account: Account.nullable(),
  /** Where outgoing mail goes: to a mail server, or to the account's mailbox page. */
  mail: z.enum(['smtp', 'mailbox']),
  registration: Registration,
  /** Name under which this server is reached: a host name, with its port where it is not the usual one. */
  serverName: z.string(),
  /** Days after which events, photos and clips are erased. */
  retentionDays: z.number().int(),
});
export type Session = z.infer<typeof Session>;
