import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App } from './app-type.ts';
import { readConfig } from './config.ts';
import { createApp } from './http.ts';
import { type Listening, listen } from './listen.ts';

let app: App;
let listening: Listening;
beforeEach(async () => {
  app = await createApp(readConfig({}, '/nonexistent/.env'), false);
  app.post('/api/echo', async (request) => request.body);
  await app.ready();
  listening = await listen(app.routing, { host: undefined, port: 0, httpsPort: 0, tls: {}, onError: () => {} });
});
afterEach(async () => {
  await listening.close();
  await app.close();
});

/** Sends bytes and lets the sender end; what comes back until the connection is closed. */
async function sent(text: string, end: (socket: Socket) => void, port = listening.httpPort) {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes;
  });
  socket.write(text, () => end(socket));
  await once(socket, 'close');
  return answer;
}
const head = (length: number) =>
  `POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

describe('what is no whole request is answered in JSON, and the connection closed', () => {
  it.each([
    ['a body that broke off', `${head(100)}{"name`, '400 Bad Request', 'cut-off'],
    ['no HTTP', 'hello\r\n\r\n', '400 Bad Request', 'bad-request'],
    [
      'a head too large',
      `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
      '431 Request Header Fields Too Large',
      'head-too-large',
    ],
  ])('%s', async (_what, text, status, code) => {
    const [lines = '', body = ''] = (await sent(text, (socket) => socket.end())).split('\r\n\r\n');
    expect(lines.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
    expect(JSON.parse(body)).toEqual({ error: { code, message: expect.any(String) } });
    expect(lines).toContain('Content-Type: application/json; charset=utf-8');
    expect(lines).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
    expect(lines).toContain('Connection: close');
  });
});

it('a connection that is reset, or that speaks no TLS where it is due, ends without a word', async () => {
  expect(await sent(`${head(100)}{"name`, (socket) => socket.resetAndDestroy())).toBe('');
  const plain = await sent('GET / HTTP/1.1\r\nHost: a\r\n\r\n', () => {}, Number(listening.httpsPort));
  expect(plain).not.toContain('HTTP/1.1');
  expect(await sent(`${head(2)}{}`, (socket) => socket.end())).toContain('200 OK');
});
