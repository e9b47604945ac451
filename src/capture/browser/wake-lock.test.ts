import { afterEach, expect, test, vi } from 'vitest';
import { createWakeLock } from './wake-lock.ts';

afterEach(() => vi.unstubAllGlobals());

/** A page whose visibility the test sets, in a browser that gives locks to pages in front. */
function page(visibilityState: 'visible' | 'hidden') {
  const document = Object.assign(new EventTarget(), { visibilityState });
  const request = async () => {
    if (document.visibilityState !== 'visible') throw new DOMException('', 'NotAllowedError');
    return Object.assign(new EventTarget(), { release: async () => undefined });
  };
  vi.stubGlobal('document', document);
  vi.stubGlobal('navigator', { wakeLock: { request } });
  return (next: 'visible' | 'hidden') => {
    document.visibilityState = next;
    document.dispatchEvent(new Event('visibilitychange'));
  };
}

test('armed while hidden: no lock is held, and that is said; in front it is taken', async () => {
  const show = page('hidden');
  const said: boolean[] = [];
  createWakeLock((lost) => said.push(lost)).hold();
  expect(said).toEqual([true]);
  show('visible');
  await vi.waitFor(() => expect(said).toEqual([true, false]));
});

test('armed in front: nothing is lost', async () => {
  page('visible');
  const said: boolean[] = [];
  createWakeLock((lost) => said.push(lost)).hold();
  await vi.waitFor(() => expect(said).toEqual([false]));
});
