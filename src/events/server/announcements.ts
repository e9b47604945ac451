/** A committed change of an event enters; whoever shows or waits for it is told: viewers, mail, a clip that is being read. */

export interface EventChange {
  readonly accountId: string;
  readonly cameraId: string;
  readonly eventId: string;
}

export interface Announcements {
  /** Called after the commit. */
  emit(change: EventChange): void;
  /** Returns what ends it. */
  on(listener: (change: EventChange) => void): () => void;
}

/** Makes the announcements of one server process. */
export function createAnnouncements(): Announcements {
  const listeners = new Set<(change: EventChange) => void>();
  return {
    emit(change) {
      for (const listener of listeners) listener(change);
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
