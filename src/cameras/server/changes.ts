/** What was done to a camera on this server enters; whoever has to know (its socket, its viewers, cached keys) is told. */

/** Sent after it is committed. */
export interface CameraChange {
  readonly cameraId: string;
  readonly accountId: string;
  readonly what: 'registered' | 'changed' | 'revoked';
}

export interface CameraChanges {
  emit(change: CameraChange): void;
  /** Returns what ends it. */
  on(listener: (change: CameraChange) => void): () => void;
}

/** Makes the announcements of one server process. */
export function createCameraChanges(): CameraChanges {
  const listeners = new Set<(change: CameraChange) => void>();
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
