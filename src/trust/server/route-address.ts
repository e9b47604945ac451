/** Nothing enters; the address from which this machine speaks to the rest of the world leaves: its network's, not a container's or a tunnel's. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** RFC 5737, for documentation: nobody is there, and nothing is sent. */
const ANYWHERE = '192.0.2.1';

/** IPv4 source address of the default route; null: the machine has none. */
export async function routeAddress(): Promise<string | null> {
  const socket = createSocket('udp4');
  try {
    const connected = once(socket, 'connect');
    socket.connect(9, ANYWHERE);
    await connected;
    return socket.address().address;
  } catch {
    return null;
  } finally {
    socket.close();
  }
}
