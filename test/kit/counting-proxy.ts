/** A server's port enters; a second address of it leaves that counts what goes up over each WebSocket. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface CountingProxy {
  /** `http://localhost:port` */
  readonly origin: string;
  /** Bytes from clients to the server over connections that began with a request for this path, so far. */
  bytesUp(path: string): number;
  /** Breaks every connection; new ones are let through again. */
  breakAll(): void;
  close(): Promise<void>;
}

export async function openCountingProxy(serverPort: number): Promise<CountingProxy> {
  const up = new Map<string, number>();
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(serverPort, '127.0.0.1');
    let path: string | null = null;
    client.on('data', (bytes) => {
      path ??= /^[A-Z]+ ([^ ?]+)/.exec(bytes.toString('latin1'))?.[1] ?? '';
      up.set(path, (up.get(path) ?? 0) + bytes.byteLength);
    });
    client.pipe(target).pipe(client);
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        target.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    bytesUp: (path) => up.get(path) ?? 0,
    breakAll,
    async close() {
      const closed = once(server, 'close');
      server.close();
      breakAll();
      await closed;
    },
  };
}
