import { describe, expect, it } from 'vitest';
import { readArrival } from './arrival.ts';

const TOKEN = 'a'.repeat(43);

describe('what somebody came for', () => {
  it.each([
    ['', '', '/camera'],
    ['?next=%2Fwatch', '', '/watch'],
    ['?next=%2Fevents', '#camera.event', '/events#camera.event'],
    ['?next=%2Fevents%23camera.event', '', '/events#camera.event'],
    ['?next=https%3A%2F%2Fevil.example', '#x', '/camera#x'],
    ['?next=%2F%2Fevil.example', '', '/camera'],
    ['', '#main', '/camera'],
  ])('%s %s goes on to %s', (search, hash, next) =>
    expect(readArrival(search, hash)).toMatchObject({ link: null, next }),
  );

  it.each(['reset', 'link', 'invite'])('#%s=… is a link of ours, and no part of where to go on to', (kind) =>
    expect(readArrival('?next=%2Fwatch', `#${kind}=${TOKEN}`)).toEqual({
      link: { kind, token: TOKEN },
      next: '/watch',
      asked: true,
    }),
  );

  it.each(['#reset=', '#reset=short', `#other=${TOKEN}`, `#reset=${TOKEN}x`])('%s is none', (hash) =>
    expect(readArrival('', hash).link).toBeNull(),
  );
});
