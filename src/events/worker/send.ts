/** An item of the queue enters; the signed PUT leaves, and what the server's answer means comes back. */
import { type CameraCredentials, signedFetch } from '../../cameras/worker/signed-request.ts';
import type { SendResult } from './queue.ts';
import type { QueueItem } from './queue-store.ts';

/** A request that is silent for so long is given up and tried again, ms. */
const SILENCE_MILLIS = 30_000;
/** Too early, or asked to slow down: they pass. */
const PASSING = new Set([408, 425, 429]);

/** Path of the request that carries an item. */
export function pathOf(item: Pick<QueueItem, 'eventId' | 'kind' | 'n' | 'last'>): string {
  const event = `/api/events/${item.eventId}`;
  if (item.kind === 'facts') return event;
  return item.kind === 'photo' ? `${event}/photo` : `${event}/clip/${item.n}?last=${item.last ? 1 : 0}`;
}

/** What an answer means for the item. @param code the error's code from the answer's body, where it has one */
export function resultOf(status: number, code: string): SendResult {
  if (status >= 200 && status < 300) return { kind: 'done' };
  if (status === 401 || status === 403) return { kind: 'revoked' };
  if (status >= 400 && status < 500 && !PASSING.has(status)) return { kind: 'never', code };
  return { kind: 'retry' };
}

/** Sends one item; never throws: what the network does is a result. */
export async function sendItem(credentials: CameraCredentials, item: QueueItem): Promise<SendResult> {
  try {
    const body = item.kind === 'facts' ? stamped(item.body, Date.now()) : item.body;
    const answer = await signedFetch(
      credentials,
      'PUT',
      pathOf(item),
      { type: item.type, bytes: body },
      AbortSignal.timeout(SILENCE_MILLIS),
    );
    const code = answer.ok ? '' : await errorCode(answer);
    return resultOf(answer.status, code);
  } catch {
    return { kind: 'retry' };
  }
}

/** The facts with the time of this very attempt, from which the server tells the clocks' offset. */
function stamped(facts: Uint8Array<ArrayBuffer>, nowMillis: number): Uint8Array<ArrayBuffer> {
  const object: unknown = JSON.parse(new TextDecoder().decode(facts));
  return new TextEncoder().encode(JSON.stringify({ ...(object as object), sentAt: nowMillis }));
}

async function errorCode(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => null);
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : `http-${answer.status}`;
}
