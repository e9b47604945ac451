/** `SMTP_URL` or the owner's form enters; checked settings of one mail server leave. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { MailConfigError } from './config-error.ts';

/**
 * How the connection is protected: `tls` from the first byte (port 465), `starttls` or nothing at all (port 587),
 * `auto` where the server offers it, its name unchecked, `none` never.
 */
export const SmtpSecurity = z.enum(['tls', 'starttls', 'auto', 'none']);
export type SmtpSecurity = z.infer<typeof SmtpSecurity>;

const host = z
  .string()
  .trim()
  .refine((value) => isIP(value) !== 0 || /^[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9])?$/i.test(value), 'a host name or IP address');

/** No control characters: they would end a command. */
const credential = z.string().min(1).max(500).regex(/^\P{Cc}+$/u);

export const SmtpSettings = z
  .object({
    host,
    port: z.number().int().min(1).max(65535),
    security: SmtpSecurity,
    user: credential.nullable(),
    password: credential.nullable(),
  })
  .strict();
export type SmtpSettings = z.infer<typeof SmtpSettings>;

/**
 * `smtp://` (port 587) or `smtps://` (port 465); `?security=` of the four names above changes how it is protected.
 * Left out, `smtp://` wants STARTTLS where a password would travel to another machine, and is `auto` elsewhere.
 * @throws {MailConfigError} without repeating the value
 */
export function parseSmtpUrl(text: string): SmtpSettings {
  const refuse = (what: string) => new MailConfigError(`SMTP_URL: given ${what}, accepted: smtp://user:password@host:port or smtps://…`);
  if (!URL.canParse(text)) throw refuse('a value that is no address');
  const url = new URL(text);
  const unknown = [...url.searchParams.keys()].find((key) => key !== 'security');
  if (unknown !== undefined) throw refuse(`the option "${unknown}"`);
  const implicit = url.protocol === 'smtps:';
  const user = decode(url.username, refuse);
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const fallback = implicit ? 'tls' : user !== null && !isLoopback(name) ? 'starttls' : 'auto';
  const settings = SmtpSettings.safeParse({
    host: name,
    port: url.port === '' ? (implicit ? 465 : 587) : Number(url.port),
    security: url.searchParams.get('security') ?? fallback,
    user,
    password: decode(url.password, refuse),
  });
  if (!settings.success) throw refuse(`something wrong with ${settings.error.issues[0]?.path.join('.') ?? 'it'}`);
  return settings.data;
}

function decode(part: string, refuse: (what: string) => Error): string | null {
  if (part === '') return null;
  try {
    return decodeURIComponent(part);
  } catch {
    throw refuse('a user or password with a % that must be written %25');
  }
}

/** Whether mail does not leave this machine: nobody is in between who could read it. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name);
}
