import { expect, it } from 'vitest';
import { domainOf, parseSender, senderOf } from './sender.ts';

it('reads a name and an address, or an address alone', () => {
  expect(parseSender('Home <vigie@example.org>')).toEqual({ name: 'Home', address: 'vigie@example.org' });
  expect(parseSender('vigie@example.org')).toEqual({ name: 'Vigie', address: 'vigie@example.org' });
});

it('is what was set, else the mail account, else this server', () => {
  expect(senderOf('Home <a@example.org>', 'b@example.org', 'example.net').address).toBe('a@example.org');
  expect(senderOf(null, 'b@example.org', 'example.net').address).toBe('b@example.org');
  expect(senderOf(null, 'user17', 'vigie.example.net').address).toBe('vigie@vigie.example.net');
  expect(senderOf(null, null, '192.168.1.2').address).toMatch(/^vigie@.+\..*[a-z]/);
  expect(domainOf(senderOf('a@b.example', null, null))).toBe('b.example');
});
