import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type Arrival, arrivals } from './arrival.ts';
import { readConfig } from './config.ts';
import { createApp } from './http.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** What an upgrade with these fields is taken for, and what Fastify takes the same request for. */
async function both(trusted: string | undefined, headers: Record<string, string>): Promise<[Arrival, Arrival]> {
  const config = readConfig(trusted === undefined ? {} : { TRUSTED_PROXIES: trusted }, '/nowhere/.env');
  const app = await createApp(config, false);
  app.get('/', async ({ ip, protocol, host }) => ({ ip, protocol, host }));
  await app.ready();
  closers.push(() => void app.close());
  const server = createServer((incoming, response) => app.routing(incoming, response)).listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await once(server, 'listening');
  const at = { port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false };
  const upgrade = once(server, 'upgrade');
  request({ ...at, headers: { ...headers, connection: 'upgrade', upgrade: 'websocket' } })
    .on('error', () => {})
    .end();
  const [incoming, socket] = await upgrade;
  const arrival = arrivals(config.TRUSTED_PROXIES)(incoming);
  socket.destroy();
  const asked = request({ ...at, headers }).end();
  const [response] = await once(asked, 'response');
  return [arrival, JSON.parse((await response.toArray()).join('')) as Arrival];
}

const FORWARDED = {
  host: 'inside:8080',
  'x-forwarded-for': '192.0.2.1, 198.51.100.7',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'vigie.example',
};

it.each([
  ['nobody is trusted', undefined, FORWARDED, { ip: '127.0.0.1', protocol: 'http', host: 'inside:8080' }],
  ['another is trusted', '10.0.0.0/8', FORWARDED, { ip: '127.0.0.1', protocol: 'http', host: 'inside:8080' }],
  ['the proxy is trusted', '127.0.0.1', FORWARDED, { ip: '198.51.100.7', protocol: 'https', host: 'vigie.example' }],
  [
    'two proxies are trusted',
    '127.0.0.1,198.51.100.0/24',
    { ...FORWARDED, 'x-forwarded-proto': 'http, https' },
    { ip: '192.0.2.1', protocol: 'https', host: 'vigie.example' },
  ],
  ['the proxy says nothing', '127.0.0.1', { host: 'a:1' }, { ip: '127.0.0.1', protocol: 'http', host: 'a:1' }],
])('%s: an upgrade is taken for what Fastify takes a request for', async (_what, trusted, headers, expected) => {
  expect(await both(trusted, headers)).toEqual([expected, expected]);
});
