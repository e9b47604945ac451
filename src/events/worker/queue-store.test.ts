import { beforeEach, expect, test, vi } from 'vitest';
import { openQueueStore } from './queue-store.ts';

const openDB = vi.hoisted(() => vi.fn());
vi.mock('idb', () => ({ openDB }));

const gone = () => {
  throw new DOMException('The database connection is closing.', 'InvalidStateError');
};
const alive = () => ({ getAll: vi.fn(async () => []), get: vi.fn(async () => undefined), close: vi.fn() });
beforeEach(() => openDB.mockReset());

test('a connection that is gone is opened again, and what was asked of it is done', async () => {
  const second = alive();
  openDB.mockResolvedValueOnce({ ...alive(), getAll: gone }).mockResolvedValueOnce(second);
  const store = await openQueueStore('c');
  expect(await store.entries()).toEqual([]);
  expect(await store.body(1)).toBeNull();
  expect(openDB).toHaveBeenCalledTimes(2);
  expect(second.get).toHaveBeenCalledOnce();
});

test('a connection that the browser ends is opened again at the next word', async () => {
  openDB.mockImplementation(async () => alive());
  const store = await openQueueStore('c');
  openDB.mock.calls[0]?.[2].terminated();
  await store.entries();
  expect(openDB).toHaveBeenCalledTimes(2);
});

test('an opening that failed is not the last; other errors are told as they are; closed stays closed', async () => {
  const full = new DOMException('full', 'QuotaExceededError');
  openDB
    .mockResolvedValueOnce({ ...alive(), getAll: gone })
    .mockRejectedValueOnce(full)
    .mockResolvedValueOnce(alive());
  const store = await openQueueStore('c');
  await expect(store.entries()).rejects.toBe(full);
  expect(await store.entries()).toEqual([]);
  store.close();
  await expect(store.entries()).rejects.toThrow('closed');
  expect(openDB).toHaveBeenCalledTimes(3);
});
