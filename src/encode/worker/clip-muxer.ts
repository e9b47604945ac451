/** Chunks of one event enter; parts of a fragmented MP4 leave, which put together are a film that plays. */
import type { EncodedVideoPacketSource, Output } from 'mediabunny';
import type { Chunk } from './chunk.ts';

/** One part: some closed groups of pictures; the first begins with the film's header. */
export interface ClipPart {
  /** From 0 on, without a gap. */
  readonly n: number;
  readonly data: Uint8Array<ArrayBuffer>;
  /** No further part follows. */
  readonly last: boolean;
}

export interface ClipMuxer {
  /** Takes the next chunk; what comes before the first key chunk is left out. A part leaves whenever a key chunk closes the group before it. */
  add(chunk: Chunk): void;
  /** Takes several at once: what they close leaves as one part. */
  addAll(chunks: readonly Chunk[]): void;
  /** Closes the film: the rest leaves as its last part. Resolves when all parts have left. */
  finish(): Promise<void>;
}

/** Loads the muxer's library while there is a network: an event must find it without one. Never rejects; a clip tries again. */
export async function preloadMuxer(): Promise<void> {
  await import('mediabunny').catch(() => undefined);
}

/** Length given to the last frame of a film of one frame, microseconds. */
const LONE_FRAME_MICROS = 33_333;

/**
 * The muxer's library is loaded when the first clip begins, where {@link preloadMuxer} has not done so.
 *
 * @param onPart called in order; an error of the muxer goes to `onError`, after which nothing leaves any more
 * @param ready what it waits for before it does anything
 */
export function createClipMuxer(
  onPart: (part: ClipPart) => void,
  onError: (error: unknown) => void,
  ready: Promise<unknown> = Promise.resolve(),
): ClipMuxer {
  let film: Film | null = null;
  let queue: Promise<void> = ready.then(() => undefined);
  let failed = false;
  let n = 0;
  /** Held back until the next one tells how long it lasts. */
  let held: Chunk | null = null;
  let originMicros = 0;
  let lengthMicros = LONE_FRAME_MICROS;

  const run = (work: () => Promise<void>): Promise<void> => {
    queue = queue.then(async () => {
      if (failed) return;
      try {
        await work();
      } catch (error) {
        failed = true;
        onError(error);
      }
    });
    return queue;
  };

  async function write(chunk: Chunk, next: Chunk | null): Promise<void> {
    film ??= await openFilm(chunk);
    if (next) lengthMicros = Math.max(1, next.timestampMicros - chunk.timestampMicros);
    await film.add(chunk, (chunk.timestampMicros - originMicros) / 1e6, lengthMicros / 1e6);
  }

  function leave(last: boolean): void {
    const data = film?.take();
    if (data && data.byteLength > 0) onPart({ n: n++, data, last });
  }

  async function takeIn(chunks: readonly Chunk[]): Promise<void> {
    let closed = false;
    for (const chunk of chunks) {
      if (!held && chunk.type !== 'key') continue;
      if (held) {
        const closing: boolean = film !== null && held.type === 'key';
        await write(held, chunk);
        closed ||= closing;
      } else originMicros = chunk.timestampMicros;
      held = chunk;
    }
    if (closed) leave(false);
  }

  return {
    add: (chunk) => void run(() => takeIn([chunk])),
    addAll: (chunks) => void run(() => takeIn(chunks)),
    finish: () =>
      run(async () => {
        if (!held) return;
        await write(held, null);
        await film?.finish();
        leave(true);
      }),
  };
}

/** The library's writer with what it has written and nobody has taken. */
interface Film {
  add(chunk: Chunk, timestampSeconds: number, durationSeconds: number): Promise<void>;
  take(): Uint8Array<ArrayBuffer>;
  finish(): Promise<void>;
}

async function openFilm(first: Chunk): Promise<Film> {
  const { AppendOnlyStreamTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } = await import(
    'mediabunny'
  );
  let written: Uint8Array[] = [];
  const target = new AppendOnlyStreamTarget(
    new WritableStream<Uint8Array>({ write: (bytes) => void written.push(bytes.slice()) }),
  );
  const output: Output = new Output({
    format: new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 0 }),
    target,
  });
  const source: EncodedVideoPacketSource = new EncodedVideoPacketSource(
    first.config.codec.startsWith('avc1') ? 'avc' : 'vp9',
  );
  output.addVideoTrack(source);
  await output.start();
  return {
    async add(chunk, timestampSeconds, durationSeconds) {
      const packet = new EncodedPacket(chunk.data, chunk.type, timestampSeconds, durationSeconds);
      await source.add(packet, { decoderConfig: chunk.config });
    },
    take() {
      const all = new Uint8Array(written.reduce((sum, bytes) => sum + bytes.byteLength, 0));
      let at = 0;
      for (const bytes of written) {
        all.set(bytes, at);
        at += bytes.byteLength;
      }
      written = [];
      return all;
    },
    finish: () => output.finalize(),
  };
}
