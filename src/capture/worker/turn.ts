/** The wish to speak for a camera enters; whether it is this tab's turn leaves: of all tabs of a browser, one has it. */

export interface Turn {
  /** Takes it from whichever tab has it: this one is armed. */
  take(): void;
  /** Gives it back for good. */
  close(): void;
}

/**
 * Waits for the turn from now on.
 *
 * @param locks `navigator.locks`
 * @param onChange whether it is this tab's turn; said at once, and whenever that changes
 */
export function createTurn(locks: LockManager, name: string, onChange: (mine: boolean) => void): Turn {
  let mine: boolean | null = null;
  let latest = 0;
  let give: () => void = () => undefined;

  function change(next: boolean): void {
    if (mine === next) return;
    mine = next;
    onChange(next);
  }

  async function request(options: LockOptions): Promise<void> {
    const number = ++latest;
    try {
      await locks.request(name, options, (lock) => {
        // Granted when another request was already made in its place: given back at once.
        if (number !== latest) return undefined;
        change(lock !== null);
        return lock ? new Promise<void>((end) => (give = end)) : undefined;
      });
    } catch (error) {
      if (number !== latest) return;
      // Without locks, two tabs that speak are better than none.
      if (!(error instanceof DOMException && error.name === 'AbortError')) return change(true);
      change(false);
    }
    if (number === latest) await request({});
  }

  void request({ ifAvailable: true });
  return {
    take() {
      if (mine !== true) void request({ steal: true });
    },
    close() {
      latest = Number.NaN;
      give();
    },
  };
}
