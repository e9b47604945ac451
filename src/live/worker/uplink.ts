/** Chunks about to go up and what still waits in the socket enter; whether to send leaves: a poor uplink skips to a key chunk. */

/** With more than this waiting, chunks are dropped, bytes: a picture a second late is worth less than the next one. */
export const UPLINK_HIGH_BYTES = 192 * 1024;
/** With less than this waiting, it goes on with a key chunk, bytes. */
export const UPLINK_LOW_BYTES = 16 * 1024;

/** `drained`: there is room again, ask the encoder for a key chunk (said once). */
export type UplinkVerdict = 'send' | 'drop' | 'drained';

export interface Uplink {
  /** @param bufferedBytes `WebSocket.bufferedAmount` */
  offer(key: boolean, bufferedBytes: number): UplinkVerdict;
  /** Nothing before the next key chunk can be decoded. */
  restart(): void;
}

export function createUplink(): Uplink {
  let waitsForKey = true;
  let asked = true;
  return {
    offer(key, bufferedBytes) {
      if (!waitsForKey && bufferedBytes > UPLINK_HIGH_BYTES) {
        waitsForKey = true;
        asked = false;
      }
      if (!waitsForKey) return 'send';
      if (bufferedBytes > UPLINK_LOW_BYTES) return 'drop';
      if (key) {
        waitsForKey = false;
        return 'send';
      }
      if (asked) return 'drop';
      asked = true;
      return 'drained';
    },
    restart() {
      waitsForKey = true;
      asked = true;
    },
  };
}
