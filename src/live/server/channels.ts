/** A camera that begins to be relayed enters; the number its chunks carry towards viewers leaves, free again at the end. */

const CHANNELS = 65_536;

export interface Channels {
  /** 0..65535, used by nobody else now. @throws RangeError when all are taken */
  take(): number;
  free(channel: number): void;
}

/**
 * One number a camera, the same for all its viewers: the frame goes to each of them with the same bytes,
 * and no copy is made. Numbers come back as late as possible, so that a late chunk is not another camera's.
 */
export function createChannels(): Channels {
  const taken = new Set<number>();
  let next = 0;
  return {
    take() {
      if (taken.size === CHANNELS) throw new RangeError('all channels of the relay are taken');
      while (taken.has(next)) next = (next + 1) % CHANNELS;
      const channel = next;
      taken.add(channel);
      next = (next + 1) % CHANNELS;
      return channel;
    },
    free(channel) {
      taken.delete(channel);
    },
  };
}
