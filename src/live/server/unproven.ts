/** Cameras' sockets enter before their proof, which anybody may open; they leave counted, and bound in what they send. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

const ALL_MAX = 256;
/** A household or a company that starts again at once; the rest try again. */
const NETWORK_MAX = 16;
/** A greeting and an answer to the challenge are a few hundred. */
const BYTES_MAX = 4096;

export interface Unproven {
  /** Whether one more of that network must wait. */
  isFull(network: string): boolean;
  /**
   * Counts a socket until it closes, and cuts it off when it sends more than a proof takes.
   * @param connection what the socket's bytes come from
   * @returns what ends that: the socket has proven itself
   */
  add(socket: WebSocket, connection: Duplex, network: string): () => void;
}

export function createUnproven(): Unproven {
  const byNetwork = new Map<string, number>();
  let all = 0;
  const count = (network: string, more: 1 | -1) => {
    all += more;
    const now = (byNetwork.get(network) ?? 0) + more;
    if (now === 0) byNetwork.delete(network);
    else byNetwork.set(network, now);
  };
  return {
    isFull: (network) => all >= ALL_MAX || (byNetwork.get(network) ?? 0) >= NETWORK_MAX,
    add(socket, connection, network) {
      let bytes = 0;
      let counted = true;
      const onData = (data: Buffer) => {
        bytes += data.length;
        // A frame that is not whole yet would wait in memory up to the size of a picture.
        if (bytes > BYTES_MAX) socket.terminate();
      };
      const end = () => {
        if (!counted) return;
        counted = false;
        connection.off('data', onData);
        count(network, -1);
      };
      count(network, 1);
      connection.on('data', onData);
      socket.once('close', end);
      return end;
    },
  };
}
