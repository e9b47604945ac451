/** Method, path and body enter; the server's answer leaves, or an {@link ApiFailure} with its code. */

/** What the server, or the way to it, refused. */
export class ApiFailure extends Error {
  /** HTTP status; 0: the server was not reached. */
  readonly status: number;
  /** The API's code in kebab case; `network` where the server was not reached. */
  readonly code: string;
  /** Name of a field of the request → what is wrong with it, in English. */
  readonly fields: Readonly<Record<string, string>>;
  /** Seconds after which to try again, where the server says so (429, 503). */
  readonly retryAfterSeconds: number | null;

  constructor(
    status: number,
    code: string,
    fields: Readonly<Record<string, string>> = {},
    retryAfterSeconds: number | null = null,
  ) {
    super(`${status} ${code}`);
    this.name = 'ApiFailure';
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface ApiOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Kept alive when the page goes away: for what must arrive although somebody leaves. */
  readonly keepalive?: boolean;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Asks this server's API with the session's cookie.
 * The answer is of the type that the caller names: the server checked it against the same schema when it sent it.
 * @param path from the root: `/api/cameras`.
 * @throws {ApiFailure} on any status but 2xx, and where the server cannot be reached.
 * @throws {DOMException} `AbortError` when the signal fired.
 */
export async function api<Answer = void>(method: Method, path: string, options: ApiOptions = {}): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        accept: 'application/json',
        ...(options.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      ...(options.signal && { signal: options.signal }),
      ...(options.keepalive && { keepalive: true }),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiFailure(0, 'network');
  }
  if (!response.ok) throw await failureOf(response);
  if (response.status === 204) return undefined as Answer;
  try {
    return (await response.json()) as Answer;
  } catch {
    throw new ApiFailure(response.status, 'answer-malformed');
  }
}

/** Reads the body of a refusal: `{error: {code, message, fields?}}`; anything else gets a code by its status. */
export async function failureOf(response: Response): Promise<ApiFailure> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const seconds = Number.isFinite(retryAfter) ? retryAfter : null;
  const body: unknown = await response.json().catch(() => null);
  const error = property(body, 'error');
  const code = property(error, 'code');
  const fallback = response.status >= 500 ? 'internal' : 'unknown';
  return new ApiFailure(
    response.status,
    typeof code === 'string' ? code : fallback,
    textsOf(property(error, 'fields')),
    seconds,
  );
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
