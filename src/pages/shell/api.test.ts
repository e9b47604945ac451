import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiFailure, api } from './api.ts';

const asked = vi.fn<typeof fetch>();
vi.stubGlobal('fetch', asked);
afterEach(() => asked.mockReset());
const answer = (status: number, body: string | null, headers: Record<string, string> = {}) =>
  asked.mockResolvedValueOnce(new Response(body, { status, headers }));
const failure = async (): Promise<ApiFailure> => {
  const error: unknown = await api('GET', '/api/x').catch((caught: unknown) => caught);
  if (!(error instanceof ApiFailure)) throw new Error(`no failure but ${String(error)}`);
  return error;
};

describe('a question to the server', () => {
  it('sends JSON with the session of this site, and gives the answer', async () => {
    answer(200, '{"a":1}');
    expect(await api<{ a: number }>('POST', '/api/x', { body: { b: 2 } })).toEqual({ a: 1 });
    expect(asked).toHaveBeenCalledWith(
      '/api/x',
      expect.objectContaining({
        method: 'POST',
        credentials: 'same-origin',
        body: '{"b":2}',
        headers: expect.objectContaining({ 'content-type': 'application/json' }),
      }),
    );
  });

  it('announces no body where there is none', async () => {
    answer(204, null);
    expect(await api('DELETE', '/api/x')).toBeUndefined();
    expect(asked.mock.calls[0]?.[1]).not.toHaveProperty('body');
    expect(asked.mock.calls[0]?.[1]?.headers).not.toHaveProperty('content-type');
  });

  it('fails with the code, the fields and the time to wait', async () => {
    answer(429, '{"error":{"code":"too-many-tries","message":"…","fields":{"email":"taken"}}}', {
      'retry-after': '40',
    });
    expect(await failure()).toMatchObject({
      status: 429,
      code: 'too-many-tries',
      fields: { email: 'taken' },
      retryAfterSeconds: 40,
    });
  });

  it.each([
    [500, '<html>', 'internal'],
    [502, '', 'internal'],
    [404, '', 'unknown'],
    [400, '{"error":"text"}', 'unknown'],
    [400, '{"error":{"code":7,"fields":[1]}}', 'unknown'],
    [200, 'not JSON', 'answer-malformed'],
  ])('%i %j has the code %s', async (status, body, code) => {
    answer(status, body);
    expect(await failure()).toMatchObject({ status, code, fields: {}, retryAfterSeconds: null });
  });

  it('that does not arrive has the code network', async () => {
    asked.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    expect(await failure()).toMatchObject({ status: 0, code: 'network' });
  });

  it('that was called off says so and nothing else', async () => {
    const controller = new AbortController();
    controller.abort();
    asked.mockRejectedValueOnce(controller.signal.reason);
    await expect(api('GET', '/api/x', { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
