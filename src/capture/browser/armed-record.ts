/** That a camera is armed, or about to be, enters the browser's disk; after a reload or a crash it leaves again, with its last beat. */
import type { OpenEvent } from '../shared/messages.ts';

/** What the next visit must know of a visit that broke off while armed. */
export interface ArmedRecord {
  readonly cameraId: string;
  /** Ms since 1970. */
  readonly beatAtMillis: number;
  /** While a delay runs: when it is to be armed, ms since 1970. */
  readonly dueAtMillis?: number;
  readonly openEvent: OpenEvent | null;
}

const KEY = 'vigie-armed';

export function keepArmed(record: ArmedRecord): void {
  localStorage.setItem(KEY, JSON.stringify(record));
}

export function forgetArmed(): void {
  localStorage.removeItem(KEY);
}

/** Null: nothing was armed, or the record cannot be read. */
export function readArmed(): ArmedRecord | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    if (typeof found !== 'object' || found === null) return null;
    const { cameraId, beatAtMillis, dueAtMillis, openEvent } = found as Record<string, unknown>;
    if (typeof cameraId !== 'string' || typeof beatAtMillis !== 'number') return null;
    return {
      cameraId,
      beatAtMillis,
      ...(typeof dueAtMillis === 'number' && { dueAtMillis }),
      openEvent: isOpenEvent(openEvent) ? openEvent : null,
    };
  } catch {
    return null;
  }
}

function isOpenEvent(value: unknown): value is OpenEvent {
  if (typeof value !== 'object' || value === null) return false;
  const of = (name: keyof OpenEvent) => typeof Reflect.get(value, name);
  const isText = (['eventId', 'facts', 'mediaType'] as const).every((name) => of(name) === 'string');
  return isText && of('parts') === 'number';
}
