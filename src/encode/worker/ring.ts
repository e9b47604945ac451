/** Chunks enter one after the other; the last seconds of them, from a key chunk on, leave when asked. */
import type { Chunk } from './chunk.ts';

/** With more than this between two chunks, pictures stayed away: a clip does not stand still over it, microseconds. */
const PAUSE_MICROS = 2e6;

/** Keeps what a clip shows of the time before its event. */
export interface Ring {
  push(chunk: Chunk): void;
  /** Everything kept: begins with a key chunk, reaches back `seconds` or to the beginning. */
  chunks(): readonly Chunk[];
  clear(): void;
}

/**
 * @param seconds how far back the ring reaches at least, once that much was pushed; it keeps up to one
 *   group of pictures more, since a clip can begin at a key chunk only
 */
export function createRing(seconds: number): Ring {
  let kept: Chunk[] = [];
  return {
    push(chunk) {
      const last = kept.at(-1);
      if (last && !follows(chunk, last)) kept = [];
      if (kept.length === 0 && chunk.type !== 'key') return;
      kept.push(chunk);
      if (chunk.type === 'key') kept = kept.slice(firstNeeded(kept, chunk.timestampMicros - seconds * 1e6));
    },
    chunks: () => kept,
    clear() {
      kept = [];
    },
  };
}

/** Not where the picture's size, the codec or the track is another: one clip cannot hold both; nor after a pause. */
function follows(chunk: Chunk, last: Chunk): boolean {
  const sinceMicros = chunk.timestampMicros - last.timestampMicros;
  return last.config === chunk.config && sinceMicros >= 0 && sinceMicros <= PAUSE_MICROS;
}

/** Index of the last key chunk that is not younger than `fromMicros`. */
function firstNeeded(chunks: readonly Chunk[], fromMicros: number): number {
  let first = 0;
  for (let i = 0; i < chunks.length; i++) {
    const chunk = chunks[i];
    if (!chunk || chunk.timestampMicros > fromMicros) break;
    if (chunk.type === 'key') first = i;
  }
  return first;
}
