/** Beats of cameras enter; who is online now, and every change of it, leaves. */
import type { Clock } from '../../ports/clock.ts';
import { type Beat, type CameraPresence, type Presence, SILENCE_MILLIS } from '../shared/presence.ts';

const OFFLINE = { state: 'offline', motion: false, streaming: false, queued: 0 } as const satisfies Beat;
const SWEEP_MILLIS = 1000;

interface Entry {
  readonly presence: CameraPresence;
  /** When it last beat; a request alone does not keep a state fresh. */
  readonly beatAt: number | null;
}

export interface PresenceOptions {
  readonly clock: Clock;
  /** Keeps the time a camera was last seen beyond this process; called when it goes offline and at most once a minute. */
  readonly keepLastSeen?: (cameraId: string, lastSeenAt: number) => void;
  /** Runs `sweep` every `millis`; returns what ends it. */
  readonly every?: (millis: number, sweep: () => void) => () => void;
}

const KEEP_MILLIS = 60_000;

/** Makes the presence of one server process. */
export function createPresence({ clock, keepLastSeen, every = everyUnref }: PresenceOptions): Presence {
  const entries = new Map<string, Entry>();
  const keptAt = new Map<string, number>();
  const listeners = new Set<(presence: CameraPresence) => void>();

  const put = (presence: CameraPresence, beatAt: number | null) => {
    const before = entries.get(presence.cameraId)?.presence;
    entries.set(presence.cameraId, { presence, beatAt });
    keep(presence, before === undefined || (before.state !== 'offline' && presence.state === 'offline'));
    if (
      before &&
      before.state === presence.state &&
      before.motion === presence.motion &&
      before.streaming === presence.streaming
    )
      return;
    for (const listener of listeners) listener(presence);
  };
  const keep = ({ cameraId, lastSeenAt }: CameraPresence, now: boolean) => {
    if (lastSeenAt === null || (!now && clock.now() - (keptAt.get(cameraId) ?? 0) < KEEP_MILLIS)) return;
    keptAt.set(cameraId, clock.now());
    keepLastSeen?.(cameraId, lastSeenAt);
  };
  const silent = ({ beatAt, presence }: Entry) =>
    presence.state !== 'offline' && beatAt !== null && clock.now() - beatAt > SILENCE_MILLIS;
  const sweep = () => {
    for (const entry of entries.values()) if (silent(entry)) put({ ...entry.presence, ...OFFLINE }, null);
  };
  const endSweep = every(SWEEP_MILLIS, sweep);

  const of = (cameraId: string) => {
    const entry = entries.get(cameraId);
    if (!entry) return null;
    return silent(entry) ? { ...entry.presence, ...OFFLINE } : entry.presence;
  };
  return {
    beat(cameraId, accountId, beat) {
      const now = clock.now();
      const { state, motion, streaming, queued } = beat;
      put({ cameraId, accountId, state, motion, streaming, queued, lastSeenAt: now }, now);
    },
    seen(cameraId, accountId) {
      const known = entries.get(cameraId);
      put(
        { ...(known?.presence ?? { cameraId, accountId, ...OFFLINE }), lastSeenAt: clock.now() },
        known?.beatAt ?? null,
      );
    },
    forget(cameraId) {
      entries.delete(cameraId);
      keptAt.delete(cameraId);
    },
    all: () => [...entries.keys()].flatMap((cameraId) => of(cameraId) ?? []),
    of,
    cameraState: (cameraId) => of(cameraId)?.state ?? 'offline',
    lastSeenAt: (cameraId) => entries.get(cameraId)?.presence.lastSeenAt ?? null,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      endSweep();
      listeners.clear();
      for (const { presence } of entries.values()) keep(presence, true);
    },
  };
}

function everyUnref(millis: number, run: () => void): () => void {
  const timer = setInterval(run, millis).unref();
  return () => clearInterval(timer);
}
