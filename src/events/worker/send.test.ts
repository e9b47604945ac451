import { expect, test } from 'vitest';
import { pathOf, resultOf } from './send.ts';

test('each item has its path', () => {
  const item = { eventId: 'e', n: 0, last: false };
  expect(pathOf({ ...item, kind: 'facts' })).toBe('/api/events/e');
  expect(pathOf({ ...item, kind: 'photo' })).toBe('/api/events/e/photo');
  expect(pathOf({ ...item, kind: 'part', n: 3 })).toBe('/api/events/e/clip/3?last=0');
  expect(pathOf({ ...item, kind: 'part', n: 4, last: true })).toBe('/api/events/e/clip/4?last=1');
});

test('what passes is tried again, what cannot change is dropped, a lost right keeps everything', () => {
  expect([200, 201, 204].map((status) => resultOf(status, '').kind)).toEqual(['done', 'done', 'done']);
  expect([500, 502, 503, 507, 429, 408].map((status) => resultOf(status, '').kind)).toEqual(Array(6).fill('retry'));
  expect([401, 403].map((status) => resultOf(status, '').kind)).toEqual(['revoked', 'revoked']);
  expect(resultOf(413, 'photo-too-large')).toEqual({ kind: 'never', code: 'photo-too-large' });
  expect(resultOf(409, 'conflict')).toEqual({ kind: 'never', code: 'conflict' });
});
