// Waits without a time enter: they must outlast a second, vitest's own patience, on a machine that is busy elsewhere.
import { expect, test, vi } from 'vitest';

test('a wait that names no time has patience', async () => {
  const begin = performance.now();
  const there = () => performance.now() - begin >= 1200;
  const waits = [vi.waitUntil(there), vi.waitFor(() => expect(there()).toBe(true))];
  await expect.poll(there).toBe(true);
  await Promise.all(waits);
});

test('a wait that names one keeps to it', async () => {
  await expect(vi.waitUntil(() => false, { timeout: 50 })).rejects.toThrow('Timed out');
  await expect(vi.waitUntil(() => false, 50)).rejects.toThrow('Timed out');
});
