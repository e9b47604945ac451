/** Where a viewer's page may come from. */
import { expect, it } from 'vitest';
import { isOwnOrigin } from './origin.ts';

it.each([
  ['http://localhost:8080', 'localhost:8080', undefined, true],
  ['https://vigie.local:8443', 'vigie.local:8443', undefined, true],
  ['https://vigie.example', 'vigie.example', undefined, true],
  ['https://vigie.example', 'vigie.example:443', undefined, true],
  ['https://vigie.example', '127.0.0.1:8080', 'https://vigie.example/', true],
  ['http://vigie.example', '127.0.0.1:8080', 'https://vigie.example', false],
  ['https://evil.example', 'vigie.example', 'https://vigie.example', false],
  ['https://vigie.example.evil.example', 'vigie.example', undefined, false],
  ['http://localhost:8081', 'localhost:8080', undefined, false],
  ['null', 'localhost:8080', undefined, false],
  ['file://', 'localhost:8080', undefined, false],
  [undefined, 'localhost:8080', undefined, false],
  ['http://localhost:8080', undefined, undefined, false],
])('%s to %s (public: %s): %s', (origin, host, publicUrl, expected) => {
  expect(isOwnOrigin(origin, host, publicUrl)).toBe(expected);
});
