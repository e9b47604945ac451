import { beforeEach, expect, test, vi } from 'vitest';
import { type CameraIdentity, findIdentity, keepsKeys } from './key.ts';

/** What lies on the disk, and what it says to whoever writes. */
const disk = vi.hoisted(() => ({ known: [] as unknown[], deleted: [] as string[], put: vi.fn(), close: vi.fn() }));
vi.mock('idb', () => ({
  openDB: async () => ({ ...disk, getAll: async () => disk.known }),
  deleteDB: async (name: string) => void disk.deleted.push(name),
}));

const full = new DOMException('full', 'QuotaExceededError');
const account = { id: 'anna', email: 'anna@example.org' };
const known = { slot: 's', cameraId: 'c', accountId: 'anna', signedOut: false, usedAtMillis: 1 } as CameraIdentity;

beforeEach(() => {
  disk.known = [];
  disk.put.mockReset().mockResolvedValue(undefined);
});

test('a camera that is known is found although the disk is full', async () => {
  disk.known = [known];
  disk.put.mockRejectedValue(full);
  expect(await findIdentity(account)).toMatchObject({ slot: 's', cameraId: 'c', address: account.email });
  expect(disk.put).toHaveBeenCalledOnce();
});

test('a new one that cannot be kept is none', async () => {
  disk.put.mockRejectedValue(full);
  await expect(findIdentity(account)).rejects.toBe(full);
  expect(disk.close).toHaveBeenCalled();
});

test('whether the browser keeps a key is tried, and nothing of it stays', async () => {
  expect(await keepsKeys()).toBe(true);
  expect(disk.put.mock.calls[0]?.[1]).toMatchObject({ privateKey: { extractable: false } });
  disk.put.mockRejectedValue(new DOMException('', 'DataCloneError'));
  expect(await keepsKeys()).toBe(false);
  expect(disk.deleted).toEqual(['vigie-trial', 'vigie-trial']);
});
