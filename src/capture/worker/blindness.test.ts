import { expect, test } from 'vitest';
import { createBlindness, type Gap } from './blindness.ts';

function setup() {
  const gaps: Gap[] = [];
  const blindness = createBlindness(
    () => undefined,
    (gap) => gaps.push(gap),
  );
  return { gaps, blindness };
}

test('frames that stay away for three seconds are a gap from the last frame on, over with the next', () => {
  const { gaps, blindness } = setup();
  blindness.arm(0);
  blindness.frame(1000);
  blindness.tick(3999);
  expect(blindness.causes()).toEqual([]);
  blindness.tick(4000);
  expect(blindness.causes()).toEqual(['no-frames']);
  blindness.tick(5000);
  blindness.frame(9000);
  expect(blindness.causes()).toEqual([]);
  expect(gaps).toEqual([
    { cause: 'no-frames', fromMillis: 1000, untilMillis: null },
    { cause: 'no-frames', fromMillis: 1000, untilMillis: 9000 },
  ]);
});

test('a track that ends is one gap until frames come, whatever else is said in between', () => {
  const { gaps, blindness } = setup();
  blindness.arm(0);
  blindness.frame(100);
  blindness.set('track-ended', true, 200);
  blindness.tick(4000);
  blindness.set('track-ended', false, 5000);
  blindness.frame(5100);
  expect(gaps.map(({ untilMillis }) => untilMillis)).toEqual([null, 5100]);
});

test('a lost wake lock is said but is no gap: pictures go on', () => {
  const { gaps, blindness } = setup();
  blindness.arm(0);
  blindness.set('no-wake-lock', true, 10);
  expect(blindness.causes()).toEqual(['no-wake-lock']);
  expect(gaps).toEqual([]);
});

test('what was dark before arming counts from arming on, and disarming ends it', () => {
  const { gaps, blindness } = setup();
  blindness.set('track-muted', true, 10);
  expect(gaps).toEqual([]);
  blindness.arm(1000);
  blindness.disarm(2000);
  expect(gaps).toEqual([
    { cause: 'track-muted', fromMillis: 1000, untilMillis: null },
    { cause: 'track-muted', fromMillis: 1000, untilMillis: 2000 },
  ]);
});

test('frames that had stayed away before arming: the gap counts from arming on', () => {
  const { gaps, blindness } = setup();
  blindness.frame(1000);
  blindness.tick(4000);
  blindness.arm(3_600_000);
  expect(gaps).toEqual([{ cause: 'no-frames', fromMillis: 3_600_000, untilMillis: null }]);
});

test('a clock that is set back by an hour hides neither a gap nor its beginning', () => {
  const { gaps, blindness } = setup();
  blindness.arm(3_600_000);
  blindness.frame(3_600_100);
  blindness.tick(200);
  blindness.tick(3200);
  expect(gaps).toEqual([{ cause: 'no-frames', fromMillis: 200, untilMillis: null }]);
});

test('an armed camera that never gets a frame notices', () => {
  const { blindness } = setup();
  blindness.arm(1000);
  blindness.tick(4000);
  expect(blindness.causes()).toEqual(['no-frames']);
});
