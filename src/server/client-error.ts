/** A connection on which no whole request came enters; it is told so as everything else is, in JSON with a code, and closed. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

const ANSWERS: Readonly<Record<string, readonly [number, string, string]>> = {
  HPE_INVALID_EOF_STATE: [400, 'cut-off', 'The request broke off before its end.'],
  HPE_HEADER_OVERFLOW: [431, 'head-too-large', 'The head of the request is larger than this server accepts.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    413,
    'too-large',
    'The extensions of the chunks are larger than this server accepts.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'too-slow', 'The request took too long to come in.'],
};

/** Listens to `clientError`. Who reset the connection, or speaks no TLS where it is due, hears nothing. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  const answer = answerTo(error.code ?? '');
  // Node's own name for the answer that is under way: bytes of another must not get into it.
  const { _httpMessage: under } = socket as { readonly _httpMessage?: ServerResponse | null };
  if (answer === null || !socket.writable || under?.headersSent) {
    socket.destroy();
    return;
  }
  const [status, code, message] = answer;
  const body = JSON.stringify({ error: { code, message } });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function answerTo(code: string): readonly [number, string, string] | null {
  const known = ANSWERS[code];
  if (known) return known;
  return code.startsWith('HPE_') ? [400, 'bad-request', 'This is no request that can be understood.'] : null;
}
