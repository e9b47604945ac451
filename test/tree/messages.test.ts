// Reads every message of both languages and holds them against each other and against how French is written.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { wrongSpacing } from './french.ts';
import { featuresWithMessages, type Message, project, readMessages } from './messages.ts';

const messages = readMessages();
const inLocale = (locale: string) => messages.filter((message) => message.locale === locale);
const placeholders = (message: Message) =>
  [...new Set(message.sentences.flatMap((sentence) => sentence.match(/\{[^}]+\}/g) ?? []))].sort();

describe('messages', () => {
  test('every feature with messages is named in the settings of the compiler', () => {
    const settings = z
      .object({ 'plugin.inlang.messageFormat': z.object({ pathPattern: z.array(z.string()) }) })
      .parse(JSON.parse(readFileSync(path.join(project, 'project.inlang/settings.json'), 'utf8')));
    const patterns = featuresWithMessages().map((feature) => `./messages/${feature}/{locale}.json`);
    expect(settings['plugin.inlang.messageFormat'].pathPattern).toEqual(expect.arrayContaining(patterns));
  });

  test('no two features define the same key, be it with other capitals', () => {
    const owners = new Map<string, string[]>();
    for (const { feature, key } of inLocale('en')) {
      owners.set(key.toLowerCase(), [...(owners.get(key.toLowerCase()) ?? []), `${feature}: ${key}`]);
    }
    expect([...owners.values()].filter((found) => found.length > 1)).toEqual([]);
  });

  test('both languages have the same keys, in the same files', () => {
    const names = (locale: string) =>
      inLocale(locale)
        .map(({ feature, key }) => `${feature}: ${key}`)
        .sort();
    expect(names('fr')).toEqual(names('en'));
  });

  test('both languages are given the same things to put in', () => {
    const french = new Map(inLocale('fr').map((message) => [message.key, placeholders(message)]));
    const differing = inLocale('en').filter(
      (message) => french.has(message.key) && String(french.get(message.key)) !== String(placeholders(message)),
    );
    expect(differing.map(({ key }) => key)).toEqual([]);
  });

  test('no message is empty', () => {
    const empty = messages.filter(({ sentences }) => sentences.length === 0 || sentences.some((text) => !text.trim()));
    expect(empty.map(({ locale, key }) => `${locale}: ${key}`)).toEqual([]);
  });

  test('a number of days has a form for one day', () => {
    const fixed = messages.filter(({ sentences }) => sentences.length === 1 && sentences[0]?.includes('{days}'));
    expect(fixed.map(({ locale, key }) => `${locale}: ${key}`)).toEqual([]);
  });

  test('hyphens are those of the keyboard', () => {
    const odd = messages.filter(({ sentences }) => sentences.some((text) => /[\u2010\u2011]/.test(text)));
    expect(odd.map(({ locale, key }) => `${locale}: ${key}`)).toEqual([]);
  });

  test('French has its no-break spaces', () => {
    const wrong = inLocale('fr').flatMap(({ key, sentences }) =>
      sentences.map(wrongSpacing).flatMap((piece) => (piece === undefined ? [] : [`${key}: ${piece}`])),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the rule for French spaces', () => {
  test.each([
    'Déjà un compte ?',
    'Bien sûr !',
    'À 14 h 31\u00A0: un mouvement',
    'Voir https://example.org:8443/ à 14:02',
    '«\u00A0Salon\u00A0»',
    'Quoi\u202F?!',
  ])('accepts %j', (sentence) => {
    expect(wrongSpacing(sentence.replaceAll(/ (?=[!?])/g, '\u202F'))).toBeUndefined();
  });

  test.each(['Déjà un compte ?', 'Bien sûr!', 'À 14 h 31 : un mouvement', 'Nom: Salon', '« Salon »', '{name} ;'])(
    'refuses %j',
    (sentence) => {
      expect(wrongSpacing(sentence)).toBeDefined();
    },
  );
});
