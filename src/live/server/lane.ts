/** Chunks for one viewer of one camera enter; those that its connection can carry leave: a slow one skips to a key frame. */

/** The connection of a viewer, as far as the relay needs it. */
export interface Outlet {
  /** Bytes that wait in this process to be written. */
  readonly bufferedBytes: number;
  /** Sends without copying; must not be changed afterwards. */
  binary(frame: Uint8Array): void;
}

/** With more than this waiting, chunks are dropped, bytes: about two seconds of 1 Mbit/s. */
export const BUFFERED_HIGH_BYTES = 256 * 1024;
/** With less than this waiting, a key frame is let through again, bytes. */
export const BUFFERED_LOW_BYTES = 32 * 1024;

export interface Lane {
  /** @returns whether it was sent */
  offer(frame: Uint8Array, key: boolean): boolean;
  /** Chunks dropped so far. */
  readonly dropped: number;
}

export function createLane(outlet: Outlet): Lane {
  let waitsForKey = true;
  let dropped = 0;
  return {
    offer(frame, key) {
      if (waitsForKey) waitsForKey = !key || outlet.bufferedBytes > BUFFERED_LOW_BYTES;
      else if (outlet.bufferedBytes > BUFFERED_HIGH_BYTES) waitsForKey = true;
      if (waitsForKey) {
        dropped++;
        return false;
      }
      outlet.binary(frame);
      return true;
    },
    get dropped() {
      return dropped;
    },
  };
}
