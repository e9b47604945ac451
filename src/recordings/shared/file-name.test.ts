import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordingFileName } from './file-name.ts';

const startedAt = Date.UTC(2026, 10, 22, 13, 31, 7);

test('address, camera and the time in the camera’s zone', () => {
  const name = {
    address: 'jo@example.org',
    cameraName: 'Salon',
    startedAt,
    timeZone: 'Europe/Paris',
    extension: 'jpg',
  } as const;
  expect(recordingFileName(name)).toBe('jo@example.org_Salon_2026-11-22_14-31-07.jpg');
});

test('the address left out, accents and slashes made harmless', () => {
  const name = {
    cameraName: '../Entrée / côté jardin',
    startedAt,
    timeZone: 'America/New_York',
    extension: 'mp4',
  } as const;
  expect(recordingFileName(name)).toBe('Entree-cote-jardin_2026-11-22_08-31-07.mp4');
});

test('a name without a single plain letter, a zone that nobody knows', () => {
  expect(recordingFileName({ cameraName: '客厅', startedAt, timeZone: 'Mars/Olympus', extension: 'webm' })).toBe(
    'camera_2026-11-22_13-31-07.webm',
  );
});

test('midnight is 00', () => {
  const midnight = Date.UTC(2026, 10, 22, 0, 0, 0);
  expect(recordingFileName({ cameraName: 'a', startedAt: midnight, timeZone: 'UTC', extension: 'jpg' })).toBe(
    'a_2026-11-22_00-00-00.jpg',
  );
});

test('whatever the camera is called, the name is a safe one', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
      (cameraName, date) => {
        const name = recordingFileName({ cameraName, startedAt: date.getTime(), timeZone: 'UTC', extension: 'mp4' });
        expect(name).toMatch(/^[A-Za-z0-9@+][A-Za-z0-9@.+-]*_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.mp4$/);
      },
    ),
  );
});
