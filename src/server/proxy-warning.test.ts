import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { createApp } from './http.ts';

const FORWARDED = { 'x-forwarded-for': '203.0.113.9' };

async function warnings(env: Record<string, string>, asks: { remoteAddress: string; headers?: object }[]) {
  const stream = new PassThrough();
  const app = await createApp(readConfig(env, '/nonexistent/.env'), { level: 'warn', stream });
  for (const ask of asks) await app.inject({ url: '/healthz', ...ask } as never);
  await app.close();
  return String(stream.read() ?? '')
    .split('\n')
    .filter((line) => line.includes('TRUSTED_PROXIES'));
}

it('says once that a proxy on this machine is not trusted', async () => {
  const asks = [{ remoteAddress: '127.0.0.1', headers: FORWARDED }];
  expect(await warnings({}, [...asks, ...asks])).toHaveLength(1);
});

it.each([
  ['where it is trusted', { TRUSTED_PROXIES: '127.0.0.1' }, '127.0.0.1', FORWARDED],
  ['where there is none', {}, '127.0.0.1', {}],
  ['of what somebody else on the network writes', {}, '192.168.1.9', FORWARDED],
] as const)('says nothing %s', async (_where, env, remoteAddress, headers) => {
  expect(await warnings(env, [{ remoteAddress, headers }])).toEqual([]);
});
