/** What an account's owner asked for enters (a code, a new password, a test); the letter about it leaves. */
import type { Letter } from '../../../mail/server/letter.ts';
import { m } from '../../../messages/generated/messages.js';
import type { Payload } from '../payload.ts';
import type { Locale } from './capture-time.ts';
import type { Links } from './links.ts';

const MINUTE_MILLIS = 60_000;

function minutesLeft(expiresAt: number, now: number): string {
  return String(Math.max(1, Math.round((expiresAt - now) / MINUTE_MILLIS)));
}

function homeOnly(links: Links, locale: Locale): string[] {
  return links.homeOnly ? [m.mail_home_only({}, { locale })] : [];
}

/** @param createdAt when the code was made, milliseconds since 1970 */
export function codeLetter({ code, expiresAt }: Payload<'code'>, createdAt: number, locale: Locale): Letter {
  const options = { locale };
  return {
    locale,
    subject: m.mail_code_subject({ code }, options),
    title: m.mail_code_title({}, options),
    code,
    paragraphs: [m.mail_code_use({ minutes: minutesLeft(expiresAt, createdAt) }, options)],
    notes: [m.mail_code_not_you({}, options)],
  };
}

export function knownLetter(links: Links, locale: Locale): Letter {
  const options = { locale };
  return {
    locale,
    subject: m.mail_known_subject({}, options),
    title: m.mail_known_title({}, options),
    paragraphs: [m.mail_known_text({}, options)],
    action: { label: m.mail_known_link({}, options), url: links.home },
    notes: [m.mail_known_not_you({}, options), ...homeOnly(links, locale)],
  };
}

/** @param createdAt when the link was made, milliseconds since 1970 */
export function resetLetter(
  { url, expiresAt }: Payload<'reset'>,
  createdAt: number,
  links: Links,
  locale: Locale,
): Letter {
  const options = { locale };
  return {
    locale,
    subject: m.mail_reset_subject({}, options),
    title: m.mail_reset_title({}, options),
    paragraphs: [m.mail_reset_text({ minutes: minutesLeft(expiresAt, createdAt) }, options)],
    action: { label: m.mail_reset_link({}, options), url },
    notes: [m.mail_reset_not_you({}, options), ...homeOnly(links, locale)],
  };
}

export function testLetter(locale: Locale): Letter {
  const options = { locale };
  return {
    locale,
    subject: m.mail_test_subject({}, options),
    title: m.mail_test_title({}, options),
    paragraphs: [m.mail_test_text({}, options)],
    notes: [],
  };
}
