import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cursorOf, parseCursor } from './cursor.ts';

test('what is written is read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8.64e15 }), fc.uuid(), fc.uuid(), (startedAt, id, cameraId) => {
      expect(parseCursor(cursorOf({ startedAt, id, cameraId }))).toEqual({ startedAt, id, cameraId });
    }),
  );
});

test('what was not written is refused, never misread', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const place = parseCursor(text);
      if (place) expect(cursorOf(place)).toBe(text);
    }),
  );
  const good = cursorOf({
    startedAt: 12,
    id: '0192f000-0000-7000-8000-000000000001',
    cameraId: '0192f000-0000-7000-8000-000000000002',
  });
  for (const bad of [
    '',
    '0',
    good.toUpperCase().replace('12_', 'A_'),
    `${good} `,
    `0${good}`,
    `-${good}`,
    good.slice(0, -1),
  ])
    expect(parseCursor(bad)).toBeNull();
});
