/** The wish to be the one armed page of a camera enters; whether it is leaves. */

/** A page that is being reloaded gives its lock back a moment after the new one asks, ms. */
const RELOAD_MILLIS = 3000;

export interface ArmedLock {
  /** @returns false: another page of this browser is armed for this camera */
  take(cameraId: string): Promise<boolean>;
  release(): void;
}

export function createArmedLock(): ArmedLock {
  let give: (() => void) | null = null;
  return {
    take(cameraId) {
      if (give) return Promise.resolve(true);
      return new Promise((resolve) => {
        const held = () =>
          new Promise<void>((end) => {
            give = end;
            resolve(true);
          });
        navigator.locks
          .request(`vigie-armed-${cameraId}`, { signal: AbortSignal.timeout(RELOAD_MILLIS) }, held)
          .catch(() => resolve(false));
      });
    },
    release() {
      give?.();
      give = null;
    },
  };
}
