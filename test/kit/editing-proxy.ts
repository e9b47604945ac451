/** A server's port enters; a second address of it leaves whose scripts begin with other lines: a browser that lacks something. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface EditingProxy {
  /** `http://localhost:port` */
  readonly origin: string;
  /** Paths that were edited so far. */
  readonly edited: readonly string[];
  close(): Promise<void>;
}

/** @param before source put before every script whose path matches */
export async function openEditingProxy(serverPort: number, paths: RegExp, before: string): Promise<EditingProxy> {
  const edited: string[] = [];
  const forward = (from: IncomingMessage) =>
    request({ host: '127.0.0.1', port: serverPort, method: from.method, path: from.url, headers: from.headers });
  const server = createServer((from, to) => {
    const onward = forward(from);
    onward.on('error', () => to.destroy());
    onward.on('response', async (answer) => {
      if (!paths.test(from.url ?? '')) return answer.pipe(to.writeHead(answer.statusCode ?? 502, answer.headers));
      const { 'content-length': _length, etag: _etag, ...headers } = answer.headers;
      edited.push(from.url ?? '');
      return to.writeHead(answer.statusCode ?? 502, headers).end(before + (await text(answer)));
    });
    from.pipe(onward);
  });
  server.on('upgrade', (from, socket, head) => {
    const onward = connect(serverPort, '127.0.0.1');
    const fields = from.rawHeaders.map((value, index) => (index % 2 === 0 ? `${value}: ` : `${value}\r\n`)).join('');
    onward.write(`${from.method} ${from.url} HTTP/1.1\r\n${fields}\r\n`);
    onward.write(head);
    socket.pipe(onward).pipe(socket);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    edited,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
