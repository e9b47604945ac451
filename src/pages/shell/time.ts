/** An instant enters; the words for it leave, as people write them: "14:02", "yesterday 23:10", "22 Nov 14:02". */
import { frenchDay } from '../../events/shared/french-day.ts';
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
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
  return day(epochMillis, now, timeZone, options);
}

/** Day in few letters: "22 Nov" · "22 nov."; the year where it is not that of `now`. */
export function shortDay(epochMillis: number, now: number, timeZone?: string): string {
  return day(epochMillis, now, timeZone, { day: 'numeric', month: 'short' });
}

function day(
  epochMillis: number,
  now: number,
  timeZone: string | undefined,
  options: Intl.DateTimeFormatOptions,
): string {
  const sameYear = dayKey(epochMillis, timeZone).slice(0, 4) === dayKey(now, timeZone).slice(0, 4);
  return inWords(format(locale.value, timeZone, sameYear ? options : { ...options, year: 'numeric' }), epochMillis);
}

function inWords(made: Intl.DateTimeFormat, epochMillis: number): string {
  const text = made.format(epochMillis);
  return locale.value === 'fr' ? frenchDay(text) : text;
}

/** Time as said today, on its own: "14:02", "yesterday 23:10", else "22 Nov 14:02". */
export function saidTime(epochMillis: number, now: number, timeZone?: string): string {
  const { time, isToday, isYesterday } = placed(epochMillis, now, timeZone);
  if (isToday) return time;
  if (isYesterday) return m.shell_yesterday({ time });
  return `${shortDay(epochMillis, now, timeZone)} ${time}`;
}

/** The same after "since", "from" or "between": "14:02", "yesterday at 23:10", "22 Nov at 14:02" · "le 22 nov. à 14 h 02". */
export function timeInSentence(epochMillis: number, now: number, timeZone?: string): string {
  const { time, isToday, isYesterday } = placed(epochMillis, now, timeZone);
  if (isToday) return time;
  if (isYesterday) return m.shell_yesterday_at({ time });
  return m.shell_day_at({ day: shortDay(epochMillis, now, timeZone), time });
}

/**
 * Both ends of a stretch of time, after "from … to" or "between … and"; with seconds where they would read the same
 * otherwise: "14:02:03", "14:02:41".
 */
export function stretchInSentence(
  fromMillis: number,
  untilMillis: number,
  now: number,
): { readonly from: string; readonly until: string } {
  const [from, until] = [timeInSentence(fromMillis, now), timeInSentence(untilMillis, now)];
  if (from !== until) return { from, until };
  return { from: clockTime(fromMillis, { seconds: true }), until: clockTime(untilMillis, { seconds: true }) };
}

function placed(epochMillis: number, now: number, timeZone: string | undefined) {
  const [own, today] = [dayKey(epochMillis, timeZone), dayKey(now, timeZone)];
  return {
    time: clockTime(epochMillis, timeZone === undefined ? {} : { timeZone }),
    isToday: own === today,
    isYesterday: own === dayBefore(today),
  };
}

/** The exact time with its zone, for a title or a screen reader: "Sunday 22 November 2026 at 14:31:07 CET". */
export function exactTime(epochMillis: number, timeZone?: string): string {
  return inWords(format(locale.value, timeZone, { dateStyle: 'full', timeStyle: 'long' }), epochMillis);
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
