import { expect, test, vi } from 'vitest';
import { createTurn } from './turn.ts';

let names = 0;

/** Tabs of one browser: Node's own Web Locks, under a name of this test. */
function tabs() {
  const name = `vigie-test-${++names}`;
  return () => {
    const said: boolean[] = [];
    return { said, turn: createTurn(navigator.locks, name, (mine) => said.push(mine)) };
  };
}

test('the first tab has the turn; the next is told that it waits, and has it when the first goes', async () => {
  const open = tabs();
  const first = open();
  await vi.waitFor(() => expect(first.said).toEqual([true]));
  const second = open();
  await vi.waitFor(() => expect(second.said).toEqual([false]));
  first.turn.close();
  await vi.waitFor(() => expect(second.said).toEqual([false, true]));
  expect(first.said).toEqual([true]);
  second.turn.close();
});

test('an armed tab takes it from an idle one, which waits and gets it back', async () => {
  const open = tabs();
  const idle = open();
  await vi.waitFor(() => expect(idle.said).toEqual([true]));
  const armed = open();
  armed.turn.take();
  await vi.waitFor(() => expect(armed.said.at(-1)).toBe(true));
  await vi.waitFor(() => expect(idle.said).toEqual([true, false]));
  armed.turn.close();
  await vi.waitFor(() => expect(idle.said).toEqual([true, false, true]));
  idle.turn.close();
});

test('armed from the first moment on, it has the turn once', async () => {
  const open = tabs();
  const { said, turn } = open();
  turn.take();
  await vi.waitFor(() => expect(said).toEqual([true]));
  const other = open();
  await vi.waitFor(() => expect(other.said).toEqual([false]));
  expect(said).toEqual([true]);
  turn.close();
  other.turn.close();
});
