import { afterEach, beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { cookie: '' });
  vi.stubGlobal('navigator', { languages: ['en'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('what takes longer than a moment says so, until it is over', async () => {
  const { createSubmission } = await import('./submission.ts');
  const { busy, slow, error, run } = createSubmission();
  let fail = (_: Error) => {};
  const running = run(() => new Promise((_, reject) => (fail = reject)));
  vi.advanceTimersByTime(299);
  expect([busy.value, slow.value]).toEqual([true, false]);
  vi.advanceTimersByTime(1);
  expect([busy.value, slow.value]).toEqual([true, true]);
  await run(async () => expect.unreachable('it is being done already'));
  fail(new Error('no server'));
  await running;
  expect([busy.value, slow.value, error.value]).toEqual([false, false, new Error('no server')]);
  await run(async () => undefined);
  vi.advanceTimersByTime(1000);
  expect([busy.value, slow.value, error.value]).toEqual([false, false, null]);
});
