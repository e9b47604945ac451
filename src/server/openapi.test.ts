/** The document of a whole running server enters; what a program must know to speak to it is there. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../test/kit/server.ts';

interface Operation {
  readonly security?: readonly Record<string, unknown>[];
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: unknown }> };
  readonly responses: Record<string, unknown>;
}
interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly securitySchemes: Record<string, unknown> };
}

let server: RunningServer;
let document: Document;
beforeAll(async () => {
  server = await startServer();
  document = (await (await fetch(`${server.http}/api/openapi.json`)).json()) as Document;
});
afterAll(() => server?.stop());

const fieldsOf = (operation: Operation | undefined) =>
  (operation?.parameters ?? [])
    .filter((one) => one.in === 'header')
    .map(({ name, required }) => [name, required === true]);

it.each(['/healthz', '/readyz', '/metrics', '/api/openapi.json', '/api/asyncapi.json'])('describes %s', (path) => {
  expect(document.paths[path]?.get?.responses).toHaveProperty('200');
});

it.each([
  ['/api/events/{eventId}', 'put', ['application/json']],
  ['/api/events/{eventId}/photo', 'put', ['image/jpeg']],
  ['/api/events/{eventId}/clip/{n}', 'put', ['video/mp4', 'video/webm']],
])('says what %s takes, signed, and what it refuses', (path, method, types) => {
  const operation = document.paths[path]?.[method];
  expect(Object.keys(operation?.requestBody?.content ?? {})).toEqual(types);
  expect(operation?.security).toEqual([{ camera: [] }]);
  expect(fieldsOf(operation)).toEqual([
    ['content-digest', true],
    ['signature-input', true],
    ['signature', true],
  ]);
  expect(Object.keys(operation?.responses ?? {})).toEqual(expect.arrayContaining(['409', '413', '415']));
});

it('says where a camera or a person may ask, and that all else that can answer 401 is for who signed in', () => {
  const own = document.paths['/api/cameras/{cameraId}'];
  expect(own?.patch?.security).toEqual([{ session: [] }, { camera: [] }]);
  expect(fieldsOf(own?.patch)).toContainEqual(['signature', false]);
  expect(document.paths['/api/cameras']?.get?.security).toEqual([{ session: [] }]);
  expect(document.paths['/api/session']?.get?.security).toBeUndefined();
  expect(document.paths['/api/accounts/sign-in']?.post?.security ?? []).toEqual([]);
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    for (const scheme of (operation.security ?? []).flatMap((way) => Object.keys(way)))
      expect(Object.keys(document.components.securitySchemes)).toContain(scheme);
  }
});

it('still answers as text and documents', async () => {
  const metrics = await fetch(`${server.http}/metrics`);
  expect([metrics.status, metrics.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  expect(await metrics.text()).toContain('# HELP vigie_');
  expect(await (await fetch(`${server.http}/api/asyncapi.json`)).json()).toMatchObject({ asyncapi: '3.0.0' });
});
