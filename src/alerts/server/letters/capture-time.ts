/** A capture time and the camera's zone enter; the words for it leave, in the account's language. */
import { m } from '../../../messages/generated/messages.js';

export type Locale = 'en' | 'fr';

/** The zone itself, or UTC where the camera named one that this server does not know. */
export function knownZone(timeZone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return timeZone;
  } catch {
    return 'UTC';
  }
}

function parts(millis: number, timeZone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: knownZone(timeZone),
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return Object.fromEntries(format.formatToParts(millis).map(({ type, value }) => [type, value]));
}

/** `14:31` · `14 h 31`. */
export function clockTime(millis: number, timeZone: string, locale: Locale): string {
  const { hour = '', minute = '' } = parts(millis, timeZone);
  return m.mail_clock({ hour, minute }, { locale });
}

/** The whole date with seconds and the zone's name. */
export function longTime(millis: number, timeZone: string, locale: Locale): string {
  const zone = knownZone(timeZone);
  const day = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'fr-FR', { timeZone: zone, dateStyle: 'full' }).format(millis);
  const { hour = '', minute = '', second = '' } = parts(millis, timeZone);
  const time = m.mail_clock_seconds({ hour, minute, second }, { locale });
  return `${day}, ${time} (${zone})`;
}

/** `2026-11-22_14-31-07`, for file names. */
export function fileTime(millis: number, timeZone: string): string {
  const { year, month, day, hour, minute, second } = parts(millis, timeZone);
  return `${year}-${month}-${day}_${hour}-${minute}-${second}`;
}
