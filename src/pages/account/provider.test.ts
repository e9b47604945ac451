import { expect, it } from 'vitest';
import { PRESETS } from '../../mail/server/presets.ts';
import { providerOf } from './provider.ts';

it.each([
  ['ann@free.fr', 'free'],
  ['ann@Gmail.com', 'gmail'],
  ['ann@hotmail.fr', 'outlook'],
  ['ann@wanadoo.fr', 'orange'],
  ['ann@laposte.net', 'laposte'],
  ['freelance@example.org', undefined],
  ['ann@freedom.example', undefined],
  ['ann@constructor', undefined],
])('%s: %s', (email, id) => {
  expect(providerOf(email, PRESETS)?.id).toBe(id);
});
