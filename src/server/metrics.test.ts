import { afterEach, expect, it } from 'vitest';
import type { App } from './app-type.ts';
import { readConfig } from './config.ts';
import { createApp } from './http.ts';
import { metricsRoutes } from './metrics.ts';

const sources = { cameraStates: () => ['watching', 'watching', 'blind'], deliveries: async () => ({ queued: 2 }) };
const TOKEN = '0123456789abcdef';

let app: App;
afterEach(() => app.close());

async function open(token?: string) {
  const config = readConfig(token === undefined ? {} : { METRICS_TOKEN: token }, '/nonexistent/.env');
  app = await createApp(config, false);
  metricsRoutes(app, config, sources);
  return (remoteAddress: string, authorization?: string) =>
    app.inject({ url: '/metrics', remoteAddress, headers: authorization === undefined ? {} : { authorization } });
}

it('tells loopback how the server does', async () => {
  const ask = await open();
  await app.inject('/healthz');
  const { body, headers } = await ask('127.0.0.1');
  expect(headers['content-type']).toMatch(/^text\/plain/);
  expect(body).toContain('vigie_cameras{state="watching"} 2');
  expect(body).toContain('vigie_deliveries{state="queued"} 2');
  expect(body).toMatch(/vigie_http_request_seconds_count\{method="GET",route="\/healthz",status="200"\} 1/);
});

it('tells nobody else without a token', async () => {
  const ask = await open();
  expect((await ask('192.168.1.20')).statusCode).toBe(403);
  expect((await ask('::1')).statusCode).toBe(200);
});

it.each(['x-forwarded-for', 'forwarded', 'via'])(
  'tells nobody whom a proxy with %s brings without a token',
  async (field) => {
    await open();
    const answer = await app.inject({
      url: '/metrics',
      remoteAddress: '127.0.0.1',
      headers: { [field]: '203.0.113.9' },
    });
    expect(answer.statusCode).toBe(403);
  },
);

it('with a token tells its bearer only, loopback or not', async () => {
  const ask = await open(TOKEN);
  expect((await ask('192.168.1.20', `Bearer ${TOKEN}`)).statusCode).toBe(200);
  expect((await ask('127.0.0.1')).statusCode).toBe(403);
  expect((await ask('127.0.0.1', `Bearer ${TOKEN}0`)).statusCode).toBe(403);
});
