/** What the owner's mail page and the server say to each other: unknown enters, checked values leave. */
import { z } from 'zod';

/**
 * How the connection is protected: `tls` from the first byte (port 465), `starttls` or nothing at all (port 587),
 * `auto` where the server offers it, its name unchecked, `none` never.
 */
export const SmtpSecurity = z.enum(['tls', 'starttls', 'auto', 'none']);
export type SmtpSecurity = z.infer<typeof SmtpSecurity>;

const HostName = z.string().regex(/^[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9])?$/i, 'a host name or IP address');
const Host = z
  .string()
  .trim()
  .pipe(z.union([HostName, z.ipv6()]));

/** No control characters: they would end a command. */
const Credential = z
  .string()
  .min(1)
  .max(500)
  .regex(/^\P{Cc}+$/u);

/** Everything that a connection to a mail server needs. */
export const SmtpSettings = z
  .object({
    host: Host,
    port: z.number().int().min(1).max(65535),
    security: SmtpSecurity,
    user: Credential.nullable(),
    password: Credential.nullable(),
  })
  .strict();
export type SmtpSettings = z.infer<typeof SmtpSettings>;

/** `Name <address>` or an address. */
const From = z
  .string()
  .trim()
  .max(200)
  .regex(/^(?:[^<>\r\n"]{0,80}<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/);

/** Body of `PUT /api/mail/settings`. */
export const OwnerSmtp = SmtpSettings.extend({
  /** Left out: the one that is kept stays, as long as host and user do. Null: none. */
  password: Credential.nullable().optional(),
  /** Who mails are from; null: the user name, where it is an address. */
  from: From.nullable(),
}).strict();
export type OwnerSmtp = z.infer<typeof OwnerSmtp>;

/** What the person needs beside address and password. */
export const PresetHint = z.enum([
  /** A password made for this program, in the provider's security settings; the usual one is refused. */
  'app-password',
  /** The usual password of the mailbox. */
  'password',
  /** The provider takes no password from programs in most accounts. */
  'restricted',
  /** A program on this machine, which shows its own password. */
  'bridge',
  /** Sending from programs has to be allowed first in the provider's webmail. */
  'allow-first',
]);
export type PresetHint = z.infer<typeof PresetHint>;

/** The mail server of a provider; the user name is the whole address. */
export const Preset = z.object({
  /** Stable name. */
  id: z.string(),
  /** As people know it. */
  name: z.string(),
  host: z.string(),
  port: z.number().int(),
  security: SmtpSecurity,
  hint: PresetHint,
});
export type Preset = z.infer<typeof Preset>;

/** Answer of `GET` and `PUT /api/mail/settings`. */
export const MailSettingsState = z.object({
  /** Where the server in use was set: SMTP_URL (which wins), this page, or nowhere (mails stay in the app). */
  source: z.enum(['environment', 'page', 'none']),
  /** The server in use, without user and password; null: none. */
  server: z.object({ host: z.string(), port: z.number().int(), security: SmtpSecurity }).nullable(),
  /** Address that mails come from. */
  from: z.string(),
  /** What this page set, in use or not. The password is never told. */
  page: z
    .object({
      host: z.string(),
      port: z.number().int(),
      security: SmtpSecurity,
      user: z.string().nullable(),
      hasPassword: z.boolean(),
      from: z.string().nullable(),
    })
    .nullable(),
  presets: z.array(Preset),
  /** Messages on their way, and what the last one that has to wait heard. */
  queue: z.object({
    waiting: z.number().int(),
    trouble: z.object({ code: z.string(), text: z.string().nullable() }).nullable(),
  }),
});
export type MailSettingsState = z.infer<typeof MailSettingsState>;

/** Why a message did not go. */
export const FailureCode = z.enum([
  /** No connection, or it broke. */
  'unreachable',
  /** The certificate, or the encryption, is not acceptable. */
  'tls',
  /** User name or password refused, or missing. */
  'credentials',
  /** The server does not let us send in this name. */
  'sender',
  /** The server does not take mail for this address. */
  'recipient',
  /** The server does not take this message. */
  'message',
  /** Too slow. */
  'timeout',
  /** There is no way to reach this person: no mail server is set, or the address has no account. */
  'no-mail-server',
  /** Our own mailer ended in the middle. */
  'mailer',
]);
export type FailureCode = z.infer<typeof FailureCode>;

/** Answer of `POST /api/mail/test`. */
export const MailTest = z.object({
  result: z.enum(['sent', ...FailureCode.options]),
  /** The mail server's own words, or the system's; null: it said nothing. */
  said: z.string().nullable(),
});
export type MailTest = z.infer<typeof MailTest>;
