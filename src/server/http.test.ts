import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ApiError } from '../ports/errors.ts';
import type { App } from './app-type.ts';
import { readConfig } from './config.ts';
import { createApp } from './http.ts';

let app: App;
beforeEach(async () => {
  app = await createApp(readConfig({}, '/nonexistent/.env'), false);
  app.post('/api/echo', { schema: { body: z.object({ name: z.string() }).strict() } }, async (request) => request.body);
  app.get('/api/broken', async () => {
    throw new Error('secret detail');
  });
  app.get('/api/mine', async () => {
    throw new ApiError(409, 'camera-conflict', 'That is another one.');
  });
});
afterEach(() => app.close());

const post = (payload: string, type = 'application/json') =>
  app.inject({ method: 'POST', url: '/api/echo', payload, headers: { 'content-type': type } });

describe('errors have a status, a code and a sentence', () => {
  it.each([
    ['malformed JSON', '{"name":', 400, 'json-malformed'],
    ['nothing', '', 400, 'json-malformed'],
    ['an unknown field', '{"name":"a","admin":true}', 400, 'invalid'],
    ['a missing field', '{}', 400, 'invalid'],
    ['too much', JSON.stringify({ name: 'x'.repeat(200_000) }), 413, 'too-large'],
  ])('%s', async (_what, payload, status, code) => {
    const response = await post(payload);
    expect(response.statusCode).toBe(status);
    expect(response.json().error).toMatchObject({ code, message: expect.any(String) });
  });

  it('another media type', async () => {
    const response = await post('<name/>', 'application/xml');
    expect([response.statusCode, response.json().error.code]).toEqual([415, 'media-type-unsupported']);
  });

  it('names the field', async () => {
    expect((await post('{"name":5}')).json().error.fields).toHaveProperty('name');
  });

  it('says nothing of the cause of what nobody foresaw', async () => {
    const response = await app.inject('/api/broken');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret detail');
  });

  it('passes our own on', async () => {
    const response = await app.inject('/api/mine');
    expect([response.statusCode, response.json()]).toEqual([
      409,
      { error: { code: 'camera-conflict', message: 'That is another one.' } },
    ]);
  });

  it('unknown addresses', async () => {
    const response = await app.inject('/nowhere');
    expect([response.statusCode, response.json().error.code]).toEqual([404, 'not-found']);
  });
});

it('every answer forbids what is inline or foreign', async () => {
  for (const path of ['/healthz', '/nowhere', '/api/broken']) {
    const { headers } = await app.inject(path);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toMatch(/(?<!wasm-)unsafe|https?:|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

it('describes its routes', async () => {
  const document = (await app.inject('/api/openapi.json')).json();
  expect(document.openapi).toMatch(/^3\.1/);
  expect(document.paths['/api/echo'].post.requestBody).toBeDefined();
});

it('promises HTTPS for ever only where PUBLIC_URL is https on 443', async () => {
  const strict = async (url: string) => {
    const other = await createApp(readConfig({ PUBLIC_URL: url }, '/nonexistent/.env'), false);
    const { headers } = await other.inject('/healthz');
    await other.close();
    return headers['strict-transport-security'];
  };
  expect(await strict('https://vigie.example.org')).toMatch(/max-age/);
  expect(await strict('https://vigie.example.org:8443')).toBeUndefined();
  expect(await strict('http://vigie.example.org')).toBeUndefined();
});

describe('an address that leads nowhere', () => {
  const people = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

  it('looks like the other pages: their style and icon, nothing inline', async () => {
    const { body } = await app.inject({ url: '/nowhere', headers: { accept: 'text/html' } });
    const style = /<link rel="stylesheet" href="\/(assets\/[\w-]+\.css)">/.exec(body)?.[1] ?? '';
    const web = new URL('../../dist/web/', import.meta.url);
    expect(readFileSync(new URL(style, web), 'utf8')).toContain('.shell-main');
    expect(body).toContain('<link rel="icon" href="/icon.svg" type="image/svg+xml">');
    expect(body).not.toMatch(/<style|style=|<script/);
  });

  it.each(['/kamera', '/%', '/%ff'])('shows people a page, in both languages: %s', async (url) => {
    const { statusCode, headers, body } = await app.inject({ url, headers: people });
    expect([statusCode, headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(body).toContain('There is no page at this address');
    expect(body).toContain('Il n’y a pas de page à cette adresse');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it.each([
    ['/kamera', {}],
    ['/%', {}],
    ['/api/none', people],
    ['/api/%', people],
  ])('tells programs in our form: %s', async (url, headers) => {
    const answer = await app.inject({ url, headers });
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'not-found']);
    expect(answer.headers['x-frame-options']).toBe('DENY');
  });

  it('is none only for a slash at its end', async () => {
    expect((await app.inject('/healthz/')).statusCode).toBe(200);
  });
});
