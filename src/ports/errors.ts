/** What went wrong enters; an answer with a status, a code and a sentence leaves. */

/**
 * An error that the other side is told. The page translates by `code`; `message` is for programs and logs,
 * in English, and holds nothing personal.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly error: { readonly code: string; readonly message: string; readonly fields?: Readonly<Record<string, string>> };
  readonly headers?: Readonly<Record<string, string>>;

  /**
   * @param status HTTP status, 400..599 (RFC 9110 § 15).
   * @param code kebab-case, stable: `camera-unknown`.
   * @param extra fields: what is wrong with which field; headers: such as `retry-after`.
   */
  constructor(
    status: number,
    code: string,
    message: string,
    extra: { fields?: Readonly<Record<string, string>>; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.error = { code, message, ...(extra.fields && { fields: extra.fields }) };
    if (extra.headers) this.headers = extra.headers;
  }
}
