/** A WebSocket of `ws` enters; typed sending, checked text and a close that says why leave. */
import type { RawData, WebSocket } from 'ws';
import type { z } from 'zod';

/** Parses one text frame; null where it is not JSON of that schema. */
export function parseText<T>(schema: z.ZodType<T>, data: RawData): T | null {
  let value: unknown;
  try {
    value = JSON.parse(bytesOf(data).toString('utf8'));
  } catch {
    return null;
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** One message's bytes, without copying where it came in one piece. */
export function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** Sends a message where the socket is open still. */
export function sendText(socket: WebSocket, message: object): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
}

/** Says why, closes, and does not wait long for the other side to agree. */
export function closeSaying(
  socket: WebSocket,
  code: number,
  error: { readonly code: string; readonly message: string },
): void {
  sendText(socket, { type: 'error', ...error });
  closeSoon(socket, code, error.code);
}

const CLOSE_MILLIS = 1000;

export function closeSoon(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), CLOSE_MILLIS).unref();
}
