import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddress } from './address.ts';
import { DEFAULT_PATH, nextPath } from './next-path.ts';
import { isPassword } from './password.ts';

describe('the form of an address', () => {
  it.each([
    'ann@example.org',
    'ann+vigie@example.org',
    'a@b.co',
    "o'neil.mary-jane_99@sub.domain.example.museum",
    'ann@example.photography',
    'ann@example.xn--p1ai',
    'jürgen@müller.example',
    '用户@例子.公司',
    'उपयोगकर्ता@उदाहरण.भारत',
    `${'a'.repeat(64)}@example.org`,
    `ann@${'long-label-of-a-name.'.repeat(9)}example.org`,
    ' ann@example.org ',
    '!#$%&*+/=?^_`{|}~-@example.org',
  ])('%s passes', (address) => expect(isAddress(address)).toBe(true));

  it.each([
    '',
    'ann',
    'ann@',
    '@example.org',
    'ann@example',
    'ann@example.',
    'ann@.org',
    'ann@example..org',
    'ann..b@example.org',
    '.ann@example.org',
    'ann.@example.org',
    'ann b@example.org',
    'ann@exa mple.org',
    'ann@-example.org',
    'ann@example-.org',
    'ann@example.c',
    'ann@192.0.2.1',
    'ann@example.org\r\nBcc: eve@example.org',
    'ann@example.org, eve@example.org',
    'Ann <ann@example.org>',
    `${'a'.repeat(65)}@example.org`,
    `ann@${'a'.repeat(64)}.org`,
    `ann@${'abcdefgh.'.repeat(28)}org`,
    'ann@example.org\u0000',
  ])('%j fails', (address) => expect(isAddress(address)).toBe(false));

  it('never takes what could end a header', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('\r', '\n', '\0', ',', ';', '<', '>', ' ', '"'),
        fc.string(),
        (head, bad, tail) => {
          expect(isAddress(`a${head}${bad}${tail}b@example.org`)).toBe(false);
        },
      ),
    );
  });
});

describe('a new password', () => {
  it.each([
    ['nine char', false],
    ['ten chars!', true],
    ['🏮'.repeat(10), true],
    ['🏮'.repeat(9), false],
    ['e\u0301'.repeat(9), false],
    ['x'.repeat(256), true],
    ['x'.repeat(257), false],
  ])('%j: %s', (password, fits) => expect(isPassword(password)).toBe(fits));
});

describe('where one lands after signing in', () => {
  it.each(['/', '/events#abc.def', '/watch?x=1', '/camera?try=1'])('%s is ours', (path) =>
    expect(nextPath(path)).toBe(path),
  );
  it.each([
    null,
    '',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'javascript:alert(1)',
    'events',
    ' /events',
    '/a\\..\\b',
  ])('%j becomes the default', (path) => expect(nextPath(path)).toBe(DEFAULT_PATH));
  it('never leaves the site, whatever was asked for', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webPath(),
          fc
            .array(fc.constantFrom('/', '\\', '\t', '\n', '.', ':', '@', 'evil.example', '?', '#'))
            .map((parts) => parts.join('')),
        ),
        (next) => {
          expect(new URL(nextPath(next), 'https://vigie.example').origin).toBe('https://vigie.example');
        },
      ),
    );
  });
});
