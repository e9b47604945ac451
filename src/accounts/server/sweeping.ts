/** Time enters; counters of tries, sessions and codes that mean nothing any more leave the database, erased accounts the disk. */
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { settleErased } from '../../ports/database/settle.ts';
import { instant } from './columns.ts';
import { erasedAccounts, forgetErased } from './erased.ts';

export interface SweepingParts {
  readonly db: Database;
  readonly clock: Clock;
  /** Removes an account's pictures from the disk; nothing there is no error. */
  readonly eraseMedia: (accountId: string) => Promise<void>;
  /** Told of a round that failed; the next one tries again. */
  readonly onError: (error: unknown) => void;
}

export interface Sweeping {
  /** One round. Returns how many rows went. */
  run(): Promise<{ readonly tries: number; readonly sessions: number }>;
  /** A round now and every day. */
  start(): void;
  /** Lets the round under way end. */
  stop(): Promise<void>;
}

const DAY_MILLIS = 24 * 60 * 60 * 1000;

/** An upload that was let in before an account was erased is through by then. */
const LATE_UPLOAD_MILLIS = 3_600_000;

/** Makes the sweeping of one server; `start` it. */
export function createSweeping({ db, clock, eraseMedia, onError }: SweepingParts): Sweeping {
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<unknown> = Promise.resolve();

  /** Finishes what a crash, or a disk that was busy, left of an erased account; until nothing can come any more. */
  const finishErasing = async (now: number) => {
    for (const { accountId, erasedAt } of await erasedAccounts(db)) {
      await eraseMedia(accountId);
      if (erasedAt < now - LATE_UPLOAD_MILLIS) await forgetErased(db, accountId);
    }
  };
  const run = async () => {
    const now = clock.now();
    await finishErasing(now).catch(onError);
    // The longest window in which tries are counted is far shorter than a day.
    const tries = await db
      .deleteFrom('rateLimit')
      .where('lastRequest', '<', now - DAY_MILLIS)
      .executeTakeFirst();
    const sessions = await db.deleteFrom('session').where('expiresAt', '<=', instant(db, now)).executeTakeFirst();
    // Sign-ups that nobody came back for: somebody's address, and the hash of a password.
    await db.deleteFrom('verification').where('expiresAt', '<=', instant(db, now)).execute();
    // Also of what the accounts that were erased, and the events that were too old, left in the log.
    await settleErased(db);
    return { tries: Number(tries.numDeletedRows), sessions: Number(sessions.numDeletedRows) };
  };
  const runWatched = () => {
    round = round.then(run).catch(onError);
  };
  return {
    run,
    start() {
      runWatched();
      timer = setInterval(runWatched, DAY_MILLIS).unref();
    },
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}
