import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLoading, whileVisible } from './loaded.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A server whose answers a test gives, in any order. */
function asked() {
  const answers: { give(value: string): void; fail(error: Error): void }[] = [];
  const ask = () =>
    new Promise<string>((resolve, reject) => {
      answers.push({ give: resolve, fail: reject });
    });
  return { answers, ask };
}

describe('what is loaded', () => {
  it('stays, as old, where it cannot be asked for again, until it can', async () => {
    const { answers, ask } = asked();
    const { now, stale, reload } = createLoading(ask);
    const first = reload();
    expect(now.value).toEqual({ state: 'loading' });
    answers[0]?.give('one');
    await first;
    const second = reload();
    answers[1]?.fail(new Error('no server'));
    await second;
    expect([now.value, stale.value]).toEqual([{ state: 'ready', value: 'one' }, new Error('no server')]);
    const third = reload();
    answers[2]?.give('three');
    await third;
    expect([now.value, stale.value]).toEqual([{ state: 'ready', value: 'three' }, null]);
  });

  it('has failed where there is nothing to keep', async () => {
    const { answers, ask } = asked();
    const { now, stale, reload } = createLoading(ask);
    const first = reload();
    answers[0]?.fail(new Error('no server'));
    await first;
    expect([now.value, stale.value]).toEqual([{ state: 'failed', error: new Error('no server') }, null]);
  });

  it('is not undone by an answer that a later one has overtaken', async () => {
    const { answers, ask } = asked();
    const { now, reload } = createLoading(ask);
    const both = [reload(), reload()];
    answers[1]?.give('new');
    answers[0]?.give('old');
    await Promise.all(both);
    expect(now.value).toEqual({ state: 'ready', value: 'new' });
  });
});

it('what is repeated goes on only while the page is in sight, one at a time', async () => {
  vi.useFakeTimers();
  const page = { visibilityState: 'visible', back: () => {} };
  vi.stubGlobal('document', {
    get visibilityState() {
      return page.visibilityState;
    },
    addEventListener: (_: string, listener: () => void) => {
      page.back = listener;
    },
    removeEventListener: () => undefined,
  });
  const { answers, ask } = asked();
  const end = whileVisible(async () => void (await ask()), 5000);
  vi.advanceTimersByTime(15_000);
  expect(answers).toHaveLength(1);
  answers[0]?.give('');
  await vi.advanceTimersByTimeAsync(5000);
  expect(answers).toHaveLength(2);
  answers[1]?.give('');
  page.visibilityState = 'hidden';
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answers).toHaveLength(2);
  page.visibilityState = 'visible';
  page.back();
  expect(answers).toHaveLength(3);
  answers[2]?.give('');
  end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answers).toHaveLength(3);
});
