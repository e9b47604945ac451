/** Text messages of a camera enter; each leaves, as it is, for every viewer: the relay of the 2013 system, on `ws`. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface LegacyServer {
  /** `http://127.0.0.1:port`; it answers every path with an empty page. */
  readonly origin: string;
  /** Bytes that went to viewers so far. */
  bytesRelayed(): number;
  close(): void;
}

/** `/camera` publishes, `/watch` receives. */
export async function startLegacyServer(): Promise<LegacyServer> {
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>2013</title>'),
  );
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  const viewers = new Set<WebSocket>();
  let bytes = 0;
  sockets.on('connection', (socket, request) => {
    if (request.url === '/watch') {
      viewers.add(socket);
      socket.on('close', () => viewers.delete(socket));
      return;
    }
    socket.on('message', (data) => {
      const text = String(data);
      for (const viewer of viewers) {
        viewer.send(text);
        bytes += text.length;
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytesRelayed: () => bytes,
    close() {
      for (const client of sockets.clients) client.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
}
