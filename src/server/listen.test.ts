import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { listen } from './listen.ts';

const answer = (url: string) =>
  new Promise<string>((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => {
        text += part.toString();
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });

it('answers on loopback, and no more once closed', async () => {
  const listening = await listen((_request, response) => response.end('here'), {
    host: undefined,
    port: 0,
    httpsPort: 0,
    tls: null,
  });
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
  await expect(listen(() => {}, { host: undefined, port, httpsPort: 0, tls: null })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port,
  });
  await new Promise((resolve) => other.close(resolve));
});
