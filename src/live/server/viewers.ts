/** Signed-in viewers and news of their accounts enter; each account's news leave for its own viewers only. */
import type { Camera } from '../../cameras/shared/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ToViewerMessage } from '../shared/protocol.ts';
import type { ReachedAs, ViewerConnection } from './viewer-socket.ts';

export interface ViewersOptions {
  camerasOf(accountId: string): Promise<Camera[]>;
  accountByCookie(cookie: string, to: ReachedAs): Promise<{ readonly id: string } | null>;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
}

export interface Viewers {
  /** @returns what takes the viewer out again */
  add(viewer: ViewerConnection): () => void;
  tell(accountId: string, message: ToViewerMessage): void;
  /** Sends the account's viewers the whole list; changes that come together are told together. */
  tellCameras(accountId: string): void;
  /** Ends those whose cookie is not a session of their account any more. */
  recheckSessions(): Promise<void>;
  /** Nothing more is asked of the database. */
  close(): void;
}

const TOGETHER_MILLIS = 20;

export function createViewers({ camerasOf, accountByCookie, clock, log }: ViewersOptions): Viewers {
  const byAccount = new Map<string, Set<ViewerConnection>>();
  /** Accounts whose list is about to be sent, and those that changed while it was read. */
  const due = new Set<string>();
  const changedMeanwhile = new Set<string>();
  let closed = false;

  const tell = (accountId: string, message: ToViewerMessage) => {
    for (const viewer of byAccount.get(accountId) ?? []) viewer.text(message);
  };
  const tellCamerasNow = async (accountId: string) => {
    changedMeanwhile.delete(accountId);
    const cameras = await camerasOf(accountId);
    tell(accountId, { type: 'cameras', cameras, serverNow: clock.now() });
  };
  const tellCameras = (accountId: string) => {
    if (closed || !byAccount.has(accountId)) return;
    if (due.has(accountId)) changedMeanwhile.add(accountId);
    else {
      due.add(accountId);
      setTimeout(() => void send(accountId), TOGETHER_MILLIS).unref();
    }
  };
  const send = (accountId: string) =>
    (closed ? Promise.resolve() : tellCamerasNow(accountId))
      .catch((error: unknown) => log.warn({ err: error }, 'viewers could not be told of a change'))
      .finally(() => {
        due.delete(accountId);
        if (changedMeanwhile.delete(accountId)) tellCameras(accountId);
      });
  let rechecking: Promise<void> | null = null;
  let recheckAgain = false;
  const recheckOnce = async () => {
    const checks = new Map<string, Promise<{ readonly id: string } | null>>();
    const accountOf = ({ cookie, reachedAs }: ViewerConnection) => {
      const key = `${reachedAs.protocol} ${reachedAs.host} ${cookie}`;
      const check = checks.get(key) ?? accountByCookie(cookie, reachedAs);
      checks.set(key, check);
      return check;
    };
    for (const viewer of [...byAccount.values()].flatMap((mine) => [...mine]))
      if ((await accountOf(viewer))?.id !== viewer.accountId) viewer.endSession();
  };
  const recheckUntilDone = async () => {
    do {
      recheckAgain = false;
      await recheckOnce();
    } while (recheckAgain);
  };
  /** However many ask at once, one check runs, and one more after it. */
  const recheckSessions = (): Promise<void> => {
    recheckAgain = rechecking !== null;
    rechecking ??= recheckUntilDone().finally(() => {
      rechecking = null;
    });
    return rechecking;
  };
  return {
    add(viewer) {
      const mine = byAccount.get(viewer.accountId) ?? new Set();
      byAccount.set(viewer.accountId, mine.add(viewer));
      return () => {
        mine.delete(viewer);
        if (mine.size === 0 && byAccount.get(viewer.accountId) === mine) byAccount.delete(viewer.accountId);
      };
    },
    tell,
    tellCameras,
    recheckSessions,
    close() {
      closed = true;
    },
  };
}
