/** An event's parts on disk enter; the bytes of its clip leave, as one file or growing as parts arrive. */
import type { Readable } from 'node:stream';
import type { Selectable } from 'kysely';
import type { Announcements } from '../../events/server/announcements.ts';
import type { EventRow } from '../../events/server/facts.ts';
import type { ClipType } from '../../events/shared/schema.ts';
import type { Database } from '../../ports/database/database.ts';
import type { ClipPartTable } from '../../ports/database/schema.ts';
import { partFile } from './clip-part.ts';
import type { EventPlace, MediaStore } from './media-store.ts';
import type { ByteRange } from './range.ts';

export type ClipPart = Selectable<ClipPartTable>;

/** The playable parts of an event, from number `from` on: those that have arrived in one piece from 0. */
export function playableParts(
  db: Database,
  event: Pick<EventRow, 'cameraId' | 'id' | 'clipParts'>,
  from = 0,
): Promise<ClipPart[]> {
  return db
    .selectFrom('clipPart')
    .selectAll()
    .where('cameraId', '=', event.cameraId)
    .where('eventId', '=', event.id)
    .where('n', '>=', from)
    .where('n', '<', event.clipParts)
    .orderBy('n')
    .execute();
}

/** The bytes of `range` over all parts together, one part after another. */
export async function* readParts(
  media: MediaStore,
  place: EventPlace,
  type: ClipType,
  parts: readonly ClipPart[],
  range?: ByteRange,
): AsyncGenerator<Buffer> {
  let offset = 0;
  for (const part of parts) {
    const from = Math.max(0, (range?.from ?? 0) - offset);
    const to = Math.min(part.bytes - 1, (range?.to ?? Number.POSITIVE_INFINITY) - offset);
    offset += part.bytes;
    if (from > to) continue;
    const file: Readable = media.read(place, partFile(part.n, type), from, to);
    for await (const piece of file) yield piece as Buffer;
  }
}

export interface GrowingClip {
  readonly db: Database;
  readonly media: MediaStore;
  readonly announcements: Announcements;
  /** Ends after this long without a new part, ms. */
  readonly stallMillis: number;
  /** Aborted when nobody reads any more. */
  readonly signal: AbortSignal;
  /** The event as it is now; undefined once it is deleted. */
  readonly current: () => Promise<EventRow | undefined>;
}

/** Sends what has arrived, then each part as it comes; ends with the last one, or when none came for `stallMillis`. */
export async function* readGrowing(place: EventPlace, type: ClipType, clip: GrowingClip): AsyncGenerator<Buffer> {
  let sent = 0;
  // A part may arrive between the question and the waiting: the bell keeps that it rang.
  const bell = createBell(place, clip);
  try {
    for (;;) {
      bell.reset();
      const event = await clip.current();
      if (!event) return;
      const parts = await playableParts(clip.db, event, sent);
      yield* readParts(clip.media, place, type, parts);
      sent += parts.length;
      if (event.clipLast !== null && sent > event.clipLast) return;
      if (!(await bell.rung(clip.stallMillis))) return;
    }
  } finally {
    bell.end();
  }
}

function createBell({ cameraId, eventId }: EventPlace, { announcements, signal }: GrowingClip) {
  let rang = false;
  let wake: (() => void) | undefined;
  const off = announcements.on((change) => {
    if (change.eventId !== eventId || change.cameraId !== cameraId) return;
    rang = true;
    wake?.();
  });
  return {
    reset() {
      rang = false;
    },
    /** Whether something happened since `reset`, within `millis` from now. */
    async rung(millis: number): Promise<boolean> {
      if (rang || signal.aborted) return rang && !signal.aborted;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, millis);
        const stop = () => {
          clearTimeout(timer);
          resolve();
        };
        wake = stop;
        signal.addEventListener('abort', stop, { once: true });
      });
      return rang && !signal.aborted;
    },
    end: off,
  };
}
