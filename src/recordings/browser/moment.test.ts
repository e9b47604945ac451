import { expect, it } from 'vitest';
import { momentSeconds } from './moment.ts';

const event = { startedAt: 100_000, endedAt: 107_000, continues: null };

it.each([
  ['five seconds before it', event, 17, 4],
  ['a group of pictures more', event, 18.5, 5.5],
  ['armed two seconds before', event, 14, 1],
  ['armed just then', event, 12.3, 0],
  ['a film that ended early', event, 6, 0],
  ['a film that is longer than it can be', event, 60, 0],
  ['a length that the player does not know', event, Number.POSITIVE_INFINITY, 0],
  ['an event that goes on from another', { ...event, continues: 'x' }, 17, 0],
  ['an event whose end is not known', { ...event, endedAt: null }, 17, 0],
])('%s', (_, what, duration, seconds) => {
  expect(momentSeconds(what, duration)).toBeCloseTo(seconds);
});
