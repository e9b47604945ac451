/** The truth about a picture's age, at its borders. */
import { describe, expect, it } from 'vitest';
import { type LiveFacts, liveStatus } from './status.ts';

const NOW = 1_000_000;
const facts = (change: Partial<LiveFacts>) =>
  liveStatus({ state: 'watching', streaming: true, lastFrameAt: NOW, lastSeenAt: NOW, now: NOW, ...change });

describe('a picture', () => {
  it.each([
    [0, { kind: 'live' }],
    [-40, { kind: 'live' }],
    [999, { kind: 'live' }],
    [1000, { kind: 'late', seconds: 1 }],
    [4700, { kind: 'late', seconds: 4 }],
    [9999, { kind: 'late', seconds: 9 }],
    [10_000, { kind: 'offline', since: NOW - 10_000 }],
  ])('%i ms old', (age, status) => {
    expect(facts({ lastFrameAt: NOW - age })).toEqual(status);
  });

  it('is not called live on the word of a camera that beats', () => {
    expect(facts({ lastFrameAt: NOW - 60_000, lastSeenAt: NOW })).toEqual({ kind: 'offline', since: NOW - 60_000 });
  });
});

describe('without a picture', () => {
  it('waits for a camera that is there', () => {
    expect(facts({ lastFrameAt: null })).toEqual({ kind: 'waiting' });
  });
  it('says since when a camera is gone, and nothing where it never was there', () => {
    expect(facts({ lastFrameAt: null, state: 'offline', lastSeenAt: NOW - 20_000 })).toEqual({
      kind: 'offline',
      since: NOW - 20_000,
    });
    expect(facts({ lastFrameAt: null, state: 'offline', lastSeenAt: null })).toEqual({ kind: 'offline', since: null });
  });
  it('lets a camera come back after a restart of the server before it calls it gone', () => {
    expect(facts({ lastFrameAt: null, state: 'offline', lastSeenAt: NOW - 3000 })).toEqual({ kind: 'waiting' });
  });
});

describe('streaming off', () => {
  it('is said of a camera that is there, whatever picture came before', () => {
    expect(facts({ streaming: false })).toEqual({ kind: 'off' });
  });
  it('is not said of a camera that is gone', () => {
    expect(facts({ streaming: false, state: 'offline', lastFrameAt: null, lastSeenAt: NOW - 60_000 })).toEqual({
      kind: 'offline',
      since: NOW - 60_000,
    });
  });
});
