/** Beats and silence by a turned clock: who is online. */
import { describe, expect, it } from 'vitest';
import type { CameraPresence } from '../shared/presence.ts';
import { createPresence } from './presence.ts';

const BEAT = { state: 'watching', motion: false, streaming: true, queued: 0 } as const;

function setUp() {
  let now = 1_000_000;
  let sweep = () => {};
  const kept: [string, number][] = [];
  const presence = createPresence({
    clock: { now: () => now },
    keepLastSeen: (id, at) => kept.push([id, at]),
    every: (_millis, run) => {
      sweep = run;
      return () => {};
    },
  });
  const changes: CameraPresence[] = [];
  presence.onChange((change) => changes.push(change));
  const pass = (millis: number) => {
    now += millis;
    sweep();
  };
  return { presence, changes, kept, pass, now: () => now };
}

describe('presence', () => {
  it('is offline until the first beat, then what the camera says', () => {
    const { presence, changes } = setUp();
    expect(presence.cameraState('a')).toBe('offline');
    expect(presence.lastSeenAt('a')).toBeNull();
    presence.beat('a', 'account', BEAT);
    expect(presence.cameraState('a')).toBe('watching');
    expect(changes).toHaveLength(1);
  });

  it('tells a change once, and an unchanged beat not at all', () => {
    const { presence, changes } = setUp();
    presence.beat('a', 'account', BEAT);
    presence.beat('a', 'account', BEAT);
    presence.beat('a', 'account', { ...BEAT, motion: true });
    expect(changes.map((change) => change.motion)).toEqual([false, true]);
  });

  it('outlives a short blip, and is offline after eleven seconds of silence', () => {
    const { presence, changes, pass, now } = setUp();
    presence.beat('a', 'account', { ...BEAT, motion: true });
    const last = now();
    pass(10_900);
    expect(presence.cameraState('a')).toBe('watching');
    pass(200);
    expect(presence.of('a')).toMatchObject({ state: 'offline', motion: false, streaming: false, lastSeenAt: last });
    expect(changes.at(-1)).toMatchObject({ cameraId: 'a', state: 'offline' });
    expect(changes).toHaveLength(2);
  });

  it('takes a signed request as a sign of life, not as a state', () => {
    const { presence, pass, now } = setUp();
    presence.beat('a', 'account', BEAT);
    pass(8000);
    presence.seen('a', 'account');
    expect(presence.lastSeenAt('a')).toBe(now());
    pass(4000);
    expect(presence.cameraState('a')).toBe('offline');
    presence.seen('b', 'account');
    expect(presence.cameraState('b')).toBe('offline');
  });

  it('keeps when it was last seen: at once, at most each minute, and when it goes', () => {
    const { presence, kept, pass, now } = setUp();
    for (let beat = 0; beat < 13; beat++) {
      presence.beat('a', 'account', BEAT);
      pass(5000);
    }
    expect(kept).toHaveLength(2);
    pass(11_000);
    expect(kept).toHaveLength(3);
    expect(kept.at(-1)?.[1]).toBeLessThan(now() - 11_000);
  });

  it('keeps when cameras were last seen as it closes', () => {
    const { presence, kept, pass, now } = setUp();
    presence.beat('a', 'account', BEAT);
    pass(5000);
    presence.beat('a', 'account', BEAT);
    presence.close();
    expect(kept.at(-1)).toEqual(['a', now()]);
  });

  it('forgets a revoked camera', () => {
    const { presence } = setUp();
    presence.beat('a', 'account', BEAT);
    presence.forget('a');
    expect(presence.of('a')).toBeNull();
  });
});
