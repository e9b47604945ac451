import { expect, test } from 'vitest';
import { constraintsOf } from './camera-track.ts';

test('a strong machine gets 720 lines, a weak one 480', () => {
  const any = { deviceId: null, height: null };
  expect(constraintsOf(any, 8)).toMatchObject({ width: { ideal: 1280 }, height: { ideal: 720 } });
  expect(constraintsOf(any, 2)).toMatchObject({
    width: { ideal: 640 },
    height: { ideal: 480 },
    facingMode: { ideal: 'environment' },
  });
});

test('a lens and lines that were chosen are asked for', () => {
  expect(constraintsOf({ deviceId: 'x', height: 1080 }, 2)).toMatchObject({
    deviceId: { exact: 'x' },
    width: { ideal: 1920 },
    height: { ideal: 1080 },
  });
});
