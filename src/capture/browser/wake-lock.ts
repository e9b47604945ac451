/** The wish to keep the screen awake enters; whether it holds leaves, each time it changes. */

export interface WakeLock {
  /** Takes the lock, and again whenever the page comes back. */
  hold(): void;
  release(): void;
}

/** @param onChange `lost`: the system refused it or took it back, or the browser has none */
export function createWakeLock(onChange: (lost: boolean) => void): WakeLock {
  let wanted = false;
  let sentinel: WakeLockSentinel | null = null;

  async function take(): Promise<void> {
    if (!wanted || sentinel) return;
    // Browsers give it to pages in front only, and take it back from hidden ones.
    if (document.visibilityState !== 'visible') return onChange(true);
    try {
      const taken = await navigator.wakeLock.request('screen');
      if (!wanted) return void taken.release();
      sentinel = taken;
      taken.addEventListener('release', () => {
        if (sentinel === taken) sentinel = null;
        if (wanted) onChange(true);
        void take();
      });
      onChange(false);
    } catch {
      // Also where the browser has none: the screen may go dark at any moment.
      if (wanted) onChange(true);
    }
  }

  document.addEventListener('visibilitychange', () => void take());
  return {
    hold() {
      wanted = true;
      void take();
    },
    release() {
      wanted = false;
      onChange(false);
      void sentinel?.release();
      sentinel = null;
    },
  };
}
