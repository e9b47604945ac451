import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type AccountsRig, accountsRig } from '../../../test/kit/accounts.ts';
import { noteErased } from './erased.ts';
import { createSweeping } from './sweeping.ts';

const DAY_SECONDS = 24 * 3600;
let rig: AccountsRig;
const clock = { now: () => Date.now() + passed * 1000 };
let passed: number;
let erased: string[];
const eraseMedia = async (accountId: string) => void erased.push(accountId);
beforeEach(async () => {
  erased = [];
  rig = await accountsRig();
  passed = 0;
});
afterEach(() => rig.close());

const left = async () => ({
  tries: (await rig.db.selectFrom('rateLimit').select('id').execute()).length,
  sessions: (await rig.db.selectFrom('session').select('id').execute()).length,
});
const signUp = () =>
  rig.browser().ask('POST', '/api/accounts/sign-up', {
    email: 'ann@example.org',
    password: 'a lantern in the attic',
    locale: 'en',
  });
const failOn = (error: unknown) => {
  throw error;
};

it('removes tries after a day and sessions once they have expired, nothing before', async () => {
  await signUp();
  const sweeping = createSweeping({ db: rig.db, clock, eraseMedia, onError: failOn });
  const before = await left();
  expect(before).toEqual({ tries: expect.any(Number), sessions: 1 });
  expect(before.tries).toBeGreaterThan(0);
  passed = DAY_SECONDS - 60;
  expect(await sweeping.run()).toEqual({ tries: 0, sessions: 0 });
  passed = DAY_SECONDS + 60;
  expect(await sweeping.run()).toEqual({ tries: before.tries, sessions: 0 });
  passed = 90 * DAY_SECONDS - 60;
  expect(await sweeping.run()).toEqual({ tries: 0, sessions: 0 });
  passed = 90 * DAY_SECONDS + 60;
  expect(await sweeping.run()).toEqual({ tries: 0, sessions: 1 });
  expect(await left()).toEqual({ tries: 0, sessions: 0 });
});

it('removes a sign-up that was never finished once its code has expired: it holds an address', async () => {
  rig.setMail('smtp');
  await signUp();
  const sweeping = createSweeping({ db: rig.db, clock, eraseMedia, onError: failOn });
  const waiting = () => rig.db.selectFrom('verification').select('id').execute();
  await sweeping.run();
  expect(await waiting()).toHaveLength(1);
  passed = DAY_SECONDS;
  await sweeping.run();
  expect(await waiting()).toEqual([]);
});

it('finishes the erasing of an account that a crash cut short, and once more for an upload that came late', async () => {
  await noteErased(rig.db, 'ann', clock.now());
  const sweeping = createSweeping({ db: rig.db, clock, eraseMedia, onError: failOn });
  await sweeping.run();
  passed = DAY_SECONDS;
  await sweeping.run();
  await sweeping.run();
  expect(erased).toEqual(['ann', 'ann']);
});

it('sweeps all else though an erased account cannot be removed from the disk', async () => {
  await signUp();
  await noteErased(rig.db, 'ann', clock.now());
  const errors: unknown[] = [];
  const failing = () => Promise.reject(new Error('the disk is busy'));
  const sweeping = createSweeping({ db: rig.db, clock, eraseMedia: failing, onError: (error) => errors.push(error) });
  passed = 90 * DAY_SECONDS + 60;
  await sweeping.run();
  expect(errors).toMatchObject([{ message: 'the disk is busy' }]);
  expect(await left()).toEqual({ tries: 0, sessions: 0 });
});

it('runs at the start, and goes on after a round that failed', async () => {
  await signUp();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const errors: unknown[] = [];
    const sweeping = createSweeping({ db: rig.db, clock, eraseMedia, onError: (error) => errors.push(error) });
    passed = 90 * DAY_SECONDS + 60;
    const broken = vi.spyOn(rig.db, 'deleteFrom').mockImplementation(() => {
      throw new Error('the disk is full');
    });
    sweeping.start();
    await vi.waitUntil(() => errors.length === 1);
    broken.mockRestore();
    expect(await left()).not.toEqual({ tries: 0, sessions: 0 });
    vi.advanceTimersByTime(DAY_SECONDS * 1000);
    await sweeping.stop();
    expect(await left()).toEqual({ tries: 0, sessions: 0 });
  } finally {
    vi.useRealTimers();
  }
});
