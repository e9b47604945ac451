/** A capture time and the camera's zone enter; the words for it leave, in the account's language. */
import { frenchDay } from '../../../events/shared/french-day.ts';
import { m } from '../../../messages/generated/messages.js';

export type Locale = 'en' | 'fr';

/** Making a format takes a millisecond; a server meets few zones, but nobody says how few. */
const FORMATS_MAX = 200;
const formats = new Map<string, Intl.DateTimeFormat>();
const zones = new Map<string, string>();

/** The zone itself, or UTC where the camera named one that this server does not know. */
export function knownZone(timeZone: string): string {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const zone = isZone(timeZone) ? timeZone : 'UTC';
  if (zones.size >= FORMATS_MAX) zones.clear();
  zones.set(timeZone, zone);
  return zone;
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

function formatOf(locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${options.dateStyle ?? ''}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: knownZone(timeZone) });
  if (formats.size >= FORMATS_MAX) formats.clear();
  formats.set(key, made);
  return made;
}

const NUMBERS: Intl.DateTimeFormatOptions = {
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
};

function parts(millis: number, timeZone: string): Record<string, string> {
  const pieces = formatOf('en-GB', timeZone, NUMBERS).formatToParts(millis);
  return Object.fromEntries(pieces.map(({ type, value }) => [type, value]));
}

/** `14:31` · `14 h 31`. */
export function clockTime(millis: number, timeZone: string, locale: Locale): string {
  const { hour = '', minute = '' } = parts(millis, timeZone);
  return m.mail_clock({ hour, minute }, { locale });
}

/** The whole date with seconds and the zone's name. */
export function longTime(millis: number, timeZone: string, locale: Locale): string {
  const date = formatOf(locale === 'en' ? 'en-GB' : 'fr-FR', timeZone, { dateStyle: 'full' }).format(millis);
  const day = locale === 'fr' ? frenchDay(date) : date;
  const { hour = '', minute = '', second = '' } = parts(millis, timeZone);
  const time = m.mail_clock_seconds({ hour, minute, second }, { locale });
  return `${day}, ${time} (${knownZone(timeZone)})`;
}

/** `2026-11-22_14-31-07`, for file names. */
export function fileTime(millis: number, timeZone: string): string {
  const { year, month, day, hour, minute, second } = parts(millis, timeZone);
  return `${year}-${month}-${day}_${hour}-${minute}-${second}`;
}
