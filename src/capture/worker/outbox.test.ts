import { afterEach, expect, test, vi } from 'vitest';
import { createOutbox } from './outbox.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function sentThrough(openStore: Parameters<typeof createOutbox>[2]) {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  vi.stubGlobal('fetch', async () => new Response(null, { status: 201 }));
  const sent: string[] = [];
  const errors: unknown[] = [];
  const outbox = createOutbox(
    { cameraId: 'c', privateKey: keys.privateKey },
    {
      onState: () => undefined,
      onSent: ({ kind }) => sent.push(kind),
      onDropped: () => undefined,
      onDiskError: (error) => errors.push(error),
    },
    openStore,
  );
  const item = { eventId: 'e', n: 0, last: false, type: 'image/jpeg', body: new Uint8Array(3) } as const;
  outbox.add({ ...item, kind: 'photo' });
  await vi.waitFor(() => expect(sent).toEqual(['photo']));
  await vi.waitFor(() => expect(outbox.state().items).toBe(0));
  outbox.close();
  return errors;
}

test('a disk that cannot be opened is said, and the alarm is sent all the same', async () => {
  const error = new DOMException('no storage in this window', 'SecurityError');
  expect(await sentThrough(() => Promise.reject(error))).toEqual([error]);
});

test('a disk that opens but cannot be read is said too', async () => {
  const error = new DOMException('damaged', 'UnknownError');
  const store = {
    put: async () => undefined,
    entries: () => Promise.reject(error),
    body: async () => null,
    remove: async () => undefined,
    close: () => undefined,
  };
  expect(await sentThrough(async () => store)).toEqual([error]);
});

test('a disk that never opens does not hold the alarm back for good', async () => {
  const late = new AbortController();
  vi.spyOn(AbortSignal, 'timeout').mockImplementationOnce(() => late.signal);
  const errors = await sentThrough(() => {
    queueMicrotask(() => late.abort(new DOMException('late', 'TimeoutError')));
    return new Promise(() => undefined);
  });
  expect(errors).toMatchObject([{ name: 'TimeoutError' }]);
});
