/** A refusal of the API enters as status and code; what the answer's body says leaves. */
import { z } from 'zod';

/** Thrown by a route: the answer is `{error: {code, message, fields?}}` with this status. */
export class ApiError extends Error {
  /** HTTP status, 400..599. */
  readonly status: number;
  /** Stable name in kebab case, which pages translate: `camera-unknown`. */
  readonly code: string;
  /** What is wrong with which field of the request: name → English sentence. */
  readonly fields: Readonly<Record<string, string>> | undefined;

  /** @param message one English sentence that says what the caller can do. */
  constructor(status: number, code: string, message: string, fields?: Readonly<Record<string, string>>) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** The body of the answer. */
  toBody(): { error: { code: string; message: string; fields?: Readonly<Record<string, string>> } } {
    return { error: { code: this.code, message: this.message, ...(this.fields && { fields: this.fields }) } };
  }
}

/** A refusal that passes by itself: the answer says when in `Retry-After` (RFC 9110 § 10.2.3). */
export class RetryLater extends ApiError {
  /** Whole seconds, at least 1. */
  readonly retryAfterSeconds: number;

  constructor(status: 429 | 503, code: string, message: string, retryAfterSeconds: number) {
    super(status, code, message);
    this.retryAfterSeconds = Math.max(1, Math.ceil(retryAfterSeconds));
  }
}

/** Body of every refusal. */
export const ErrorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), fields: z.record(z.string(), z.string()).optional() }),
});

/** Response schemas of a route that answers with these refusals: `response: {200: …, ...refusals(401, 404)}`. */
export function refusals<S extends number>(...statuses: S[]): Record<S, typeof ErrorBody> {
  return Object.fromEntries(statuses.map((status) => [status, ErrorBody])) as Record<S, typeof ErrorBody>;
}
