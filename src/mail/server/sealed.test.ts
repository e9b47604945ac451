import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSeal } from './sealed.ts';

const seal = createSeal('a secret of thirty-two characters', 'smtp-password');

it('opens what it sealed, and shows nothing of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 4 }), (text) => {
      const sealed = seal.seal(text);
      expect(seal.open(sealed)).toBe(text);
      expect(sealed).not.toContain(text);
    }),
  );
  expect(seal.seal('x')).not.toBe(seal.seal('x'));
});

it('opens nothing that was changed, cut, made for another use or by another secret', () => {
  const sealed = seal.seal('password');
  expect(createSeal('a secret of thirty-two characters', 'other').open(sealed)).toBeNull();
  expect(createSeal('another secret of thirty-two char', 'smtp-password').open(sealed)).toBeNull();
  const middle = Math.floor(sealed.length / 2);
  expect(
    seal.open(`${sealed.slice(0, middle)}${sealed[middle] === 'A' ? 'B' : 'A'}${sealed.slice(middle + 1)}`),
  ).toBeNull();
  for (const cut of ['', 'v1', 'v1.', 'v2.AAAA', sealed.slice(0, 20)]) expect(seal.open(cut)).toBeNull();
});
