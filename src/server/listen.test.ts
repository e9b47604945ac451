import { createServer, get } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, vi } from 'vitest';
import { listen } from './listen.ts';

const answer = (url: string) =>
  new Promise<string>((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => {
        text += part.toString();
      });
      response.on('end', () => resolve(text)).on('error', reject);
    }).on('error', reject);
  });

const ANYWHERE = { host: undefined, port: 0, httpsPort: 0, tls: null, onError: () => {} };

it('answers on loopback, and no more once closed', async () => {
  const listening = await listen((_request, response) => response.end('here'), ANYWHERE);
  const url = `http://127.0.0.1:${listening.httpPort}/`;
  expect(await answer(url)).toBe('here');
  expect(listening.httpsPort).toBeNull();
  await listening.close();
  await expect(answer(url)).rejects.toThrow(/ECONNREFUSED/);
});

it('says which port is taken, and leaves nothing open behind', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(listen(() => {}, { ...ANYWHERE, port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port,
  });
  await new Promise((resolve) => other.close(resolve));
});

it('gives a sender its time, and a proxy its idle connections', async () => {
  const listening = await listen((_request, response) => response.end(), { ...ANYWHERE, tls: {} });
  expect(
    listening.servers.map(({ requestTimeout, headersTimeout, keepAliveTimeout }) => ({
      requestTimeout,
      headersTimeout,
      keepAliveTimeout,
    })),
  ).toEqual(
    listening.servers.map(() => ({ requestTimeout: 600_000, headersTimeout: 60_000, keepAliveTimeout: 130_000 })),
  );
  expect(listening.servers.length).toBeGreaterThan(1);
  await listening.close();
});

it('lives on when a connection cannot be accepted, and says so', async () => {
  const errors: unknown[] = [];
  const listening = await listen((_request, response) => response.end('here'), {
    ...ANYWHERE,
    tls: {},
    onError: (error) => errors.push(error),
  });
  const full = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' });
  for (const server of listening.servers) server.emit('error', full);
  expect(errors).toEqual(listening.servers.map(() => full));
  expect(await answer(`http://127.0.0.1:${listening.httpPort}/`)).toBe('here');
  await listening.close();
});

it.each([
  ['lets an answer under way end', 60_000, 'the whole of it'],
  ['waits for one that does not end no longer than it may', 50, 'cut off'],
])('%s when it closes', async (_what, closeMillis, expected) => {
  let ending: (() => void) | null = null;
  const listening = await listen(
    (_request, response) => {
      response.write('the whole ');
      ending = () => response.end('of it');
    },
    { ...ANYWHERE, closeMillis },
  );
  // A browser opens connections in advance.
  const unused = connect(listening.httpPort, '127.0.0.1').on('error', () => {});
  const asked = answer(`http://127.0.0.1:${listening.httpPort}/`).catch(() => 'cut off');
  const end = await vi.waitUntil(() => ending);
  const closed = listening.close();
  if (expected !== 'cut off') end();
  expect(await asked).toBe(expected);
  await closed;
  unused.destroy();
});

it('does not wait at its end for those who connected and say nothing, nor for upgraded connections', async () => {
  const listening = await listen(() => {}, { ...ANYWHERE, host: '127.0.0.1', tls: {}, closeMillis: 100 });
  const silent = connect({ port: listening.httpsPort ?? 0, host: '127.0.0.1', allowHalfOpen: true });
  const upgraded = connect({ port: listening.httpPort, host: '127.0.0.1', allowHalfOpen: true });
  for (const socket of [silent, upgraded]) socket.on('error', () => {});
  let upgrades = 0;
  listening.servers[0]?.on('upgrade', () => upgrades++);
  upgraded.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  const connections = () =>
    new Promise<number>((resolve, reject) =>
      listening.https?.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  await vi.waitUntil(async () => upgrades === 1 && (await connections()) === 1);
  await listening.close();
  expect(await connections()).toBe(0);
  silent.destroy();
  upgraded.destroy();
});
