import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

type Words = typeof import('./time.ts') &
  typeof import('./locale.ts') &
  typeof import('./sentences.ts') &
  typeof import('./api.ts');
let words: Words;
beforeAll(async () => {
  vi.stubGlobal('document', { cookie: '' });
  vi.stubGlobal('navigator', { languages: ['en'] });
  vi.stubGlobal('location', { protocol: 'https:' });
  words = {
    ...(await import('./time.ts')),
    ...(await import('./locale.ts')),
    ...(await import('./sentences.ts')),
    ...(await import('./api.ts')),
  };
});
beforeEach(() => words.chooseLanguage('en'));

const PARIS = 'Europe/Paris';
const at = (text: string) => Date.parse(text);
/** No-break spaces show as an underscore. */
const shown = (text: string) => text.replaceAll('\u00a0', '_').replaceAll('\u202f', '_');

describe('the language', () => {
  it.each([
    ['', ['fr-CH', 'en'], 'fr'],
    ['', ['de', 'fr'], 'fr'],
    ['', ['de', 'ja'], 'en'],
    ['', [], 'en'],
    ['a=b; PARAGLIDE_LOCALE=en; c=d', ['fr'], 'en'],
    ['PARAGLIDE_LOCALE=fr', ['en'], 'fr'],
    ['PARAGLIDE_LOCALE=de', ['fr'], 'fr'],
    ['XPARAGLIDE_LOCALE=fr', ['en'], 'en'],
  ] as const)('cookie %j, browser %j: %s', (cookie, languages, chosen) =>
    expect(words.chooseLocale(cookie, languages)).toBe(chosen),
  );

  it('is kept on the device, for this site only', () => {
    words.chooseLanguage('fr');
    expect(words.locale.value).toBe('fr');
    expect(document.cookie).toBe('PARAGLIDE_LOCALE=fr; path=/; max-age=31536000; samesite=lax; secure');
  });
});

describe('times in words', () => {
  const now = at('2026-11-22T20:00:00Z');
  it.each([
    ['en', '2026-11-22T13:02:00Z', '14:02'],
    ['fr', '2026-11-22T13:02:00Z', '14_h_02'],
    ['en', '2026-11-21T22:10:00Z', 'yesterday 23:10'],
    ['fr', '2026-11-21T22:10:00Z', 'hier 23_h_10'],
    ['en', '2026-11-21T23:10:00Z', '00:10'],
    ['en', '2026-11-02T13:02:00Z', '2 Nov 14:02'],
    ['fr', '2026-11-02T13:02:00Z', '2 nov. 14_h_02'],
    ['en', '2025-11-22T13:02:00Z', '22 Nov 2025 14:02'],
  ] as const)('%s %s: %s', (language, time, said) => {
    words.chooseLanguage(language);
    expect(shown(words.saidTime(at(time), now, PARIS))).toBe(said);
  });

  it.each([
    ['en', '2026-11-22T13:02:00Z', '14:02'],
    ['fr', '2026-11-22T13:02:00Z', '14_h_02'],
    ['en', '2026-11-21T22:10:00Z', 'yesterday at 23:10'],
    ['fr', '2026-11-21T22:10:00Z', 'hier à_23_h_10'],
    ['en', '2026-11-02T13:02:00Z', '2 Nov at 14:02'],
    ['fr', '2026-11-02T13:02:00Z', 'le 2 nov. à_14_h_02'],
    ['fr', '2026-11-01T13:02:00Z', 'le 1er nov. à_14_h_02'],
    ['fr', '2025-11-11T13:02:00Z', 'le 11 nov. 2025 à_14_h_02'],
  ] as const)('%s %s, in a sentence: since %s', (language, time, said) => {
    words.chooseLanguage(language);
    expect(shown(words.timeInSentence(at(time), now, PARIS))).toBe(said);
  });

  it('has seconds for a stretch within one minute, and only then', () => {
    const start = new Date(2026, 10, 22, 14, 2, 3).getTime();
    expect(words.stretchInSentence(start, start + 8_000, start)).toEqual({ from: '14:02:03', until: '14:02:11' });
    expect(words.stretchInSentence(start, start + 60_000, start)).toEqual({ from: '14:02', until: '14:03' });
  });

  it('is the time of the zone, seconds where asked for', () => {
    expect(words.clockTime(at('2026-07-01T12:31:07Z'), { timeZone: 'Asia/Kolkata', seconds: true })).toBe('18:01:07');
    expect(words.clockTime(at('2026-07-01T22:00:00Z'), { timeZone: 'UTC' })).toBe('22:00');
    expect(words.clockTime(at('2026-07-01T00:00:00Z'), { timeZone: 'UTC' })).toBe('00:00');
  });

  it('names days', () => {
    expect(words.dayName(at('2026-11-22T13:00:00Z'), now, PARIS)).toBe('Sunday 22 November');
    expect(words.dayName(at('2025-12-31T23:30:00Z'), now, PARIS)).toBe('Thursday 1 January');
    words.chooseLanguage('fr');
    expect(words.dayName(at('2026-11-22T13:00:00Z'), now, PARIS)).toBe('dimanche 22 novembre');
    expect(words.dayName(at('2026-11-01T13:00:00Z'), now, PARIS)).toBe('dimanche 1er novembre');
    expect(words.exactTime(at('2026-11-01T13:31:07Z'), PARIS)).toMatch(/^dimanche 1er novembre 2026 à 14:31:07 /);
    expect(words.exactTime(at('2026-11-22T13:31:07Z'), PARIS)).toMatch(/^dimanche 22 novembre 2026 à 14:31:07 /);
  });
});

describe('a failure in words', () => {
  it('has a sentence by its code, and one for codes that nobody foresaw', () => {
    expect(words.sentenceOf(new words.ApiFailure(0, 'network'))).toBe(
      'The server cannot be reached. Check the network, then try again.',
    );
    expect(words.sentenceOf(new words.ApiFailure(418, 'teapot'))).toBe('That did not work (teapot). Try again.');
    expect(words.sentenceOf(new RangeError('x'))).toBe('That did not work (RangeError). Try again.');
    words.addSentences({ teapot: ({ status }) => `I am a teapot (${status})` });
    expect(words.sentenceOf(new words.ApiFailure(418, 'teapot'))).toBe('I am a teapot (418)');
  });
});
