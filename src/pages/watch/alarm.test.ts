import { expect, it } from 'vitest';
import { alarmOf, createAlarmMemory } from './alarm.ts';

it('an armed camera that cannot see is worse than movement; without a connection nobody knows', () => {
  expect(alarmOf({ state: 'watching', motion: false }, true)).toBeNull();
  expect(alarmOf({ state: 'watching', motion: true }, true)).toBe('movement');
  expect(alarmOf({ state: 'blind', motion: true }, true)).toBe('blind');
  expect(alarmOf({ state: 'blind', motion: true }, false)).toBeUndefined();
});

it('an alarm is said when it begins, and not again when the connection comes back', () => {
  const memory = createAlarmMemory();
  const course = ['movement', 'movement', undefined, 'movement', null, 'movement', 'blind', null] as const;
  expect(course.map((alarm) => memory.isNews(alarm))).toEqual([true, false, false, false, false, true, true, false]);
});
