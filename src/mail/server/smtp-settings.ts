/** `SMTP_URL` enters; checked settings of one mail server leave. */
import { SmtpSettings } from '../shared/settings.ts';
import { MailConfigError } from './config-error.ts';
import { isLoopback } from './loopback.ts';

/**
 * `smtp://` (port 587) or `smtps://` (port 465); `?security=` of the four names above changes how it is protected.
 * Left out, `smtp://` wants STARTTLS where a password would travel to another machine, and is `auto` elsewhere.
 * @throws {MailConfigError} without repeating the value
 */
export function parseSmtpUrl(text: string): SmtpSettings {
  const refuse = (what: string) =>
    new MailConfigError(`SMTP_URL: given ${what}, accepted: smtp://user:password@host:port or smtps://…`);
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
