import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nameInSentence, oneLine } from './one-line.ts';

it('keeps ordinary names as they are', () => {
  for (const name of ['Living room', 'Entrée — côté jardin', '玄関', '🐈 cat cam', '"quoted" <tag> & more'])
    expect(oneLine(name)).toBe(name);
});

it('leaves no line break, control or direction character of any text, and never more than 200 characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const line = oneLine(text);
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/u);
      expect(line.isWellFormed()).toBe(true);
      expect([...line].length).toBeLessThanOrEqual(200);
    }),
  );
});

it('isolates a name that reads from right to left', () => {
  expect(nameInSentence('سالون')).toBe('\u2068سالون\u2069');
  expect(nameInSentence('Salon')).toBe('Salon');
});
