/** The browser's languages and the person's choice enter; the language of every message leaves, changed without a reload. */
import { signal } from '@preact/signals';
import { overwriteGetLocale } from '../../messages/generated/runtime.js';

export type Locale = 'en' | 'fr';

/** Cookie that remembers the choice on this device, and tells the server. */
const COOKIE = 'PARAGLIDE_LOCALE';
const YEAR_SECONDS = 365 * 24 * 3600;

function isLocale(value: string | undefined): value is Locale {
  return value === 'en' || value === 'fr';
}

/** The choice of a cookie header, else the first of the languages that we speak, else English. */
export function chooseLocale(cookies: string, languages: readonly string[]): Locale {
  const chosen = new RegExp(`(?:^|;\\s*)${COOKIE}=([a-z]{2})(?:;|$)`).exec(cookies)?.[1];
  if (isLocale(chosen)) return chosen;
  return languages.map((language) => language.slice(0, 2).toLowerCase()).find(isLocale) ?? 'en';
}

/** Language of the page now; components that show a message follow it by themselves. */
export const locale = signal<Locale>(chooseLocale(document.cookie, navigator.languages));

overwriteGetLocale(() => locale.value);

/** Changes the language of this page and remembers it on this device. */
export function chooseLanguage(chosen: Locale): void {
  locale.value = chosen;
  const secure = location.protocol === 'https:' ? '; secure' : '';
  // The Cookie Store API is missing from Safari and Firefox of our range.
  document.cookie = `${COOKIE}=${chosen}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`;
}
