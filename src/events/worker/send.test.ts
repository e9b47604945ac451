import { afterEach, expect, test, vi } from 'vitest';
import type { QueueItem } from './queue-store.ts';
import { pathOf, patienceFor, resultOf, sendItem } from './send.ts';

afterEach(() => vi.unstubAllGlobals());

const receipt = { receivedAt: 1, serverNow: 2, endedAt: null, hasPhoto: false, clipParts: 0, clipComplete: false };
const page = (status: number) =>
  new Response('<!doctype html><title>Sign in</title>', { status, headers: { 'content-type': 'text/html' } });
const refusal = (status: number, code: string) =>
  Response.json({ error: { code, message: 'A sentence.' } }, { status });
const kinds = async (answers: Response[], kind: QueueItem['kind'] = 'part') =>
  (await Promise.all(answers.map((answer) => resultOf(kind, answer)))).map((result) => result.kind);

test('each item has its path', () => {
  const item = { eventId: 'e', n: 0, last: false };
  expect(pathOf({ ...item, kind: 'facts' })).toBe('/api/events/e');
  expect(pathOf({ ...item, kind: 'photo' })).toBe('/api/events/e/photo');
  expect(pathOf({ ...item, kind: 'part', n: 3 })).toBe('/api/events/e/clip/3?last=0');
  expect(pathOf({ ...item, kind: 'part', n: 4, last: true })).toBe('/api/events/e/clip/4?last=1');
});

test("done is only what Vigie's own receipt says", async () => {
  const empty = [200, 201, 204].map((status) => new Response(null, { status }));
  expect(await kinds(empty)).toEqual(['done', 'done', 'done']);
  expect(await kinds([Response.json(receipt, { status: 201 }), Response.json(receipt)], 'facts')).toEqual([
    'done',
    'done',
  ]);
  expect(await kinds([new Response(null, { status: 204 })], 'facts')).toEqual(['done']);
});

test("another's 2xx keeps the item: a sign-in page, a gateway's JSON, an accepted-for-later", async () => {
  expect(await kinds([page(200), page(201), Response.json({ ok: true }), new Response(null, { status: 202 })])).toEqual(
    Array(4).fill('retry'),
  );
  expect(await kinds([page(200), Response.json({ ok: true })], 'facts')).not.toContain('done');
});

test("a proxy's or tunnel's 4xx, and all that passes, is tried again", async () => {
  const foreign = [401, 403, 404, 405, 407, 409, 413, 415, 421, 431, 451].map(page);
  expect(new Set(await kinds(foreign))).toEqual(new Set(['retry']));
  const passing = [408, 425, 429, 500, 502, 503, 507].map((status) => new Response(null, { status }));
  expect(new Set(await kinds(passing))).toEqual(new Set(['retry']));
  const others = [refusal(400, 'cut-off'), refusal(503, 'busy'), refusal(404, 'not-found'), refusal(409, 'whatever')];
  expect(new Set(await kinds(others))).toEqual(new Set(['retry']));
});

test('only Vigie can say never, revoked, or that the signature is not good', async () => {
  const final = [refusal(413, 'too-large'), refusal(409, 'clip-conflict'), refusal(415, 'not-an-image')];
  expect(await kinds([...final, refusal(400, 'invalid')])).toEqual(Array(4).fill('never'));
  expect(await resultOf('photo', refusal(413, 'too-large'))).toEqual({ kind: 'never', code: 'too-large' });
  expect(await kinds([refusal(403, 'camera-revoked'), refusal(401, 'signature-invalid')])).toEqual([
    'revoked',
    'unproven',
  ]);
});

test('a request has thirty seconds, and what its bytes take at 4 kB/s', () => {
  expect(patienceFor(0)).toBe(30_000);
  expect(patienceFor(3)).toBe(30_001);
  expect(patienceFor(2_000_000)).toBe(530_000);
});

test('an item is sent with the patience of its size, never to where a redirect leads; a lost network is a retry', async () => {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const timeout = vi.spyOn(AbortSignal, 'timeout');
  const fetching = vi.fn(async (_path: string, _init: RequestInit) => new Response(null, { status: 201 }));
  vi.stubGlobal('fetch', fetching);
  const item: QueueItem = {
    key: 1,
    cameraId: 'c',
    eventId: 'e',
    kind: 'part',
    n: 0,
    last: false,
    type: 'video/mp4',
    body: new Uint8Array(1_000_000),
  };
  const credentials = { cameraId: 'c', privateKey: keys.privateKey };
  expect(await sendItem(credentials, item)).toEqual({ kind: 'done' });
  expect(timeout).toHaveBeenCalledWith(280_000);
  expect(fetching.mock.calls[0]?.[1]).toMatchObject({ method: 'PUT', redirect: 'error' });
  fetching.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  expect(await sendItem(credentials, item)).toEqual({ kind: 'retry' });
});
