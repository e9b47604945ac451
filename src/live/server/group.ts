/** Chunks of one camera enter; the last group of pictures, from its key frame on, leaves for whoever joins. */

/** More than this is not kept: two seconds of 1080p stay well under it. */
const BYTES_MAX = 8 * 1024 * 1024;
const CHUNKS_MAX = 600;

export interface GroupOfPictures {
  /** Adds a frame as it goes over the wire; `key` begins a new group. The bytes are shared, not copied. */
  add(frame: Uint8Array, key: boolean): void;
  /** In order, the first one a key frame; empty where none is known whole. */
  frames(): readonly Uint8Array[];
  clear(): void;
}

export function createGroup(): GroupOfPictures {
  let frames: Uint8Array[] = [];
  let bytes = 0;
  const clear = () => {
    frames = [];
    bytes = 0;
  };
  return {
    add(frame, key) {
      if (key) clear();
      else if (frames.length === 0) return;
      frames.push(frame);
      bytes += frame.byteLength;
      if (bytes > BYTES_MAX || frames.length > CHUNKS_MAX) clear();
    },
    frames: () => frames,
    clear,
  };
}
