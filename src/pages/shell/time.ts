/** An instant enters; the words for it leave, as people write them: "14:02", "yesterday 23:10", "22 Nov 14:02". */
import { m } from '../../messages/generated/messages.js';
import { type Locale, locale } from './locale.ts';

const NO_BREAK = '\u00a0';
const formats = new Map<string, Intl.DateTimeFormat>();

function format(
  language: Locale,
  timeZone: string | undefined,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = `${language} ${timeZone} ${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'fr-FR', {
      ...options,
      ...(timeZone !== undefined && { timeZone }),
    });
    formats.set(key, found);
  }
  return found;
}

/**
 * Time of day: "14:02" in English, "14 h 02" in French; with seconds "14:02:07" in both.
 * @param epochMillis milliseconds since 1970, UTC.
 * @param timeZone IANA zone; left out: the viewer's.
 */
export function clockTime(
  epochMillis: number,
  options: { readonly timeZone?: string; readonly seconds?: boolean } = {},
): string {
  const { timeZone, seconds = false } = options;
  const digits: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(seconds && { second: '2-digit' }),
  };
  const text = format('en', timeZone, digits).format(epochMillis);
  return locale.value === 'fr' && !seconds ? text.replace(':', `${NO_BREAK}h${NO_BREAK}`) : text;
}

/** Day in words: "Sunday 22 November" · "dimanche 22 novembre"; the year where it is not this one. */
export function dayName(epochMillis: number, now: number, timeZone?: string): string {
  const year = (time: number) => format('en', timeZone, { year: 'numeric' }).format(time);
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
  if (year(epochMillis) !== year(now)) options.year = 'numeric';
  return format(locale.value, timeZone, options).format(epochMillis);
}

/** Time as said today: "14:02", "yesterday 23:10", else "22 Nov 14:02". */
export function saidTime(epochMillis: number, now: number, timeZone?: string): string {
  const time = clockTime(epochMillis, timeZone === undefined ? {} : { timeZone });
  const day = dayKey(epochMillis, timeZone);
  if (day === dayKey(now, timeZone)) return time;
  if (day === dayBefore(dayKey(now, timeZone))) return m.shell_yesterday({ time });
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
  if (day.slice(0, 4) !== dayKey(now, timeZone).slice(0, 4)) options.year = 'numeric';
  return `${format(locale.value, timeZone, options).format(epochMillis)} ${time}`;
}

/** The exact time with its zone, for a title or a screen reader: "Sunday 22 November 2026 at 14:31:07 CET". */
export function exactTime(epochMillis: number, timeZone?: string): string {
  return format(locale.value, timeZone, { dateStyle: 'full', timeStyle: 'long' }).format(epochMillis);
}

/** Day of an instant as "2026-11-22", in a zone (left out: the viewer's); days compare and group by it. */
export function dayKey(epochMillis: number, timeZone?: string): string {
  const parts = format('en', timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(
    epochMillis,
  );
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

function dayBefore(key: string): string {
  return new Date(Date.parse(`${key}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
