import { describe, expect, it } from 'vitest';
import { byDay, clocksDiffer, isWhole, knownZone, minuteOfDay, nearest } from './days.ts';

const at = (iso: string, timeZone = 'Europe/Paris') => ({ startedAt: Date.parse(iso), timeZone });

describe('days', () => {
  it('are those of the camera’s clock', () => {
    const late = at('2026-11-22T23:30:00Z');
    const early = at('2026-11-22T08:00:00Z');
    const inTokyo = at('2026-11-22T16:00:00Z', 'Asia/Tokyo');
    expect(byDay([late, inTokyo, early])).toEqual([
      { key: '2026-11-23', events: [late, inTokyo] },
      { key: '2026-11-22', events: [early] },
    ]);
  });

  it('place an event within its 24 hours', () => {
    expect(minuteOfDay(at('2026-11-22T13:31:30Z'))).toBe(14 * 60 + 31.5);
    expect(minuteOfDay(at('2026-11-22T23:00:00Z'))).toBe(0);
  });

  it('find the event nearest to a minute', () => {
    const [morning, noon] = [at('2026-11-22T07:00:00Z'), at('2026-11-22T11:00:00Z')];
    expect(nearest([noon, morning], 9 * 60)).toBe(morning);
    expect(nearest([noon, morning], 23 * 60)).toBe(noon);
    expect(nearest([], 0)).toBeUndefined();
  });

  it('are whole where what is here reaches back before them', () => {
    const day = { key: '2026-11-22', events: [at('2026-11-22T08:00:00Z')] };
    expect(isWhole(day, null)).toBe(true);
    expect(isWhole(day, Date.parse('2026-11-21T22:59:00Z'))).toBe(true);
    expect(isWhole(day, Date.parse('2026-11-21T23:01:00Z'))).toBe(false);
    expect(isWhole(day, Date.parse('2026-11-22T07:00:00Z'))).toBe(false);
  });

  it('tell zones apart by what their clocks show', () => {
    expect(clocksDiffer(0, 'Europe/Paris', 'Europe/Berlin')).toBe(false);
    expect(clocksDiffer(0, 'Europe/Paris', 'Asia/Tokyo')).toBe(true);
  });

  it('take an unknown zone for UTC', () => {
    expect(knownZone('Moon/Base')).toBe('UTC');
    expect(minuteOfDay(at('2026-11-22T01:00:00Z', 'Moon/Base'))).toBe(60);
  });
});
