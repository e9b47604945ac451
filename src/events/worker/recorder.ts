/** The moments of an intrusion enter; its facts, photo and clip leave, for the queue and for saving here. */
import { v7 as uuidV7 } from 'uuid';
import type { Chunk } from '../../encode/worker/chunk.ts';
import { createClipMuxer } from '../../encode/worker/clip-muxer.ts';
import type { EventFacts } from '../shared/schema.ts';
import type { QueueItem } from './queue-store.ts';

/** What is known of an event when it is confirmed. */
export type Sighting = Pick<EventFacts, 'score' | 'reason' | 'boxes'>;

export interface RecorderEvents {
  /** Something to send. */
  onItem(item: Omit<QueueItem, 'key' | 'cameraId'>): void;
  onPhoto(eventId: string, atMillis: number, jpeg: Uint8Array<ArrayBuffer>): void;
  onPart(
    eventId: string,
    atMillis: number,
    n: number,
    last: boolean,
    mediaType: string,
    bytes: Uint8Array<ArrayBuffer>,
  ): void;
  onPhase(phase: 'confirmed' | 'over', eventId: string, atMillis: number): void;
  /** Where the worker cannot encode, the window records. */
  onRecord(eventId: string, on: boolean): void;
  /** A key chunk is wanted, so that what was seen up to now can leave. */
  onKeyWanted(): void;
  onError(error: unknown): void;
}

export interface Recorder {
  /**
   * An intrusion is confirmed.
   * @param before chunks of the seconds before, from a key chunk on, or none; null: the window records
   * @param continues whether it goes on from the one before it, which was cut
   */
  begin(
    atMillis: number,
    sighting: Sighting,
    photo: Promise<Uint8Array<ArrayBuffer>>,
    before: readonly Chunk[] | null,
    continues: boolean,
  ): void;
  /** Every chunk, in order. @returns false where it is of another configuration than the film, which ends here: the event is to go on as the next */
  chunk(chunk: Chunk): boolean;
  /** The intrusion is over, its post-capture too. @param endedAtMillis last movement */
  end(endedAtMillis: number): void;
  /** A piece of the window's recording. */
  recorded(eventId: string, bytes: Uint8Array<ArrayBuffer>, mediaType: string, last: boolean): void;
  /** The event that is going on, its facts as JSON, the parts that have left and what they are; null: none. */
  open(): {
    readonly eventId: string;
    readonly facts: string;
    readonly parts: number;
    readonly mediaType: string;
  } | null;
}

/** The film of one event until it is closed. */
interface Film {
  readonly eventId: string;
  readonly atMillis: number;
  /** That of its chunks; null: none has come. */
  config: VideoDecoderConfig | null;
  /** Null: the window records it. */
  readonly muxer: ReturnType<typeof createClipMuxer> | null;
  parts: number;
  /** Of its parts. */
  mediaType: string;
}

/** The worker's own films are of this type. */
const MUXED_TYPE = 'video/mp4';

/** @param timeZone IANA zone of this camera */
export function createRecorder(timeZone: string, events: RecorderEvents): Recorder {
  let current: { readonly eventId: string; readonly facts: EventFacts } | null = null;
  let lastEventId: string | null = null;
  let film: Film | null = null;
  /** Films that the window still ends. */
  const ending = new Map<string, Film>();

  const sendFacts = (eventId: string, facts: EventFacts) =>
    events.onItem({
      eventId,
      kind: 'facts',
      n: 0,
      last: false,
      type: 'application/json',
      body: new TextEncoder().encode(JSON.stringify(facts)),
    });

  function part(of: Film, bytes: Uint8Array<ArrayBuffer>, mediaType: string, last: boolean): void {
    const n = of.parts++;
    of.mediaType = mediaType;
    events.onItem({ eventId: of.eventId, kind: 'part', n, last, type: mediaType, body: bytes });
    events.onPart(of.eventId, of.atMillis, n, last, mediaType, bytes);
  }

  function openFilm(eventId: string, atMillis: number, before: readonly Chunk[] | null, ready: Promise<unknown>): Film {
    if (before === null) {
      events.onRecord(eventId, true);
      return { eventId, atMillis, config: null, muxer: null, parts: 0, mediaType: MUXED_TYPE };
    }
    const opened: Film = {
      eventId,
      atMillis,
      config: before[0]?.config ?? null,
      muxer: createClipMuxer(({ data, last }) => part(opened, data, MUXED_TYPE, last), events.onError, ready),
      parts: 0,
      mediaType: MUXED_TYPE,
    };
    opened.muxer?.addAll(before);
    return opened;
  }

  function closeFilm(): void {
    if (film?.muxer) void film.muxer.finish();
    else if (film) {
      ending.set(film.eventId, film);
      events.onRecord(film.eventId, false);
    }
    film = null;
  }

  function finish(endedAtMillis: number): void {
    if (!current) return;
    const { eventId, facts } = current;
    current = null;
    const endedAt = Math.max(facts.startedAt, Math.round(endedAtMillis));
    sendFacts(eventId, { ...facts, endedAt });
    events.onPhase('over', eventId, endedAt);
  }

  return {
    begin(atMillis, sighting, photo, before, continues) {
      finish(atMillis);
      closeFilm();
      const eventId = uuidV7({ msecs: atMillis });
      const facts: EventFacts = {
        version: 1,
        kind: 'intrusion',
        continues: continues ? lastEventId : null,
        startedAt: atMillis,
        endedAt: null,
        sentAt: atMillis,
        timeZone,
        ...sighting,
      };
      current = { eventId, facts };
      lastEventId = eventId;
      sendFacts(eventId, facts);
      events.onPhase('confirmed', eventId, atMillis);
      const photographed = photo.then(
        (jpeg) => {
          events.onItem({ eventId, kind: 'photo', n: 0, last: false, type: 'image/jpeg', body: jpeg });
          events.onPhoto(eventId, atMillis, jpeg);
        },
        (error) => events.onError(error),
      );
      // The film waits for the photo: the muxer is loaded and run when the alarm is on its way.
      film = openFilm(eventId, atMillis, before, photographed);
      events.onKeyWanted();
    },
    chunk(chunk) {
      if (!film?.muxer) return true;
      film.config ??= chunk.config;
      const fits = film.config === chunk.config;
      if (fits) film.muxer.add(chunk);
      else closeFilm();
      return fits;
    },
    end(endedAtMillis) {
      finish(endedAtMillis);
      closeFilm();
    },
    recorded(eventId, bytes, mediaType, last) {
      const of = film?.eventId === eventId ? film : ending.get(eventId);
      if (!of) return;
      if (last) ending.delete(eventId);
      part(of, bytes, mediaType, last);
    },
    open() {
      if (!current) return null;
      const { eventId, facts } = current;
      const { parts, mediaType } = film?.eventId === eventId ? film : { parts: 0, mediaType: MUXED_TYPE };
      return { eventId, facts: JSON.stringify(facts), parts, mediaType };
    },
  };
}
