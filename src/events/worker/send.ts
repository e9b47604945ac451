/** An item of the queue enters; the signed PUT leaves, and what the server's answer means comes back. */
import { type CameraCredentials, signedFetch } from '../../cameras/worker/signed-request.ts';
import { EventReceipt } from '../shared/schema.ts';
import type { SendResult } from './queue.ts';
import type { QueueItem } from './queue-store.ts';

/** What a request may take besides carrying its bytes, ms. */
const REQUEST_MILLIS = 30_000;
/** The slowest uplink that an item still goes through in one go, bytes a millisecond: 4 kB/s. */
const SLOWEST_BYTES_PER_MILLI = 4;

/** Refusals that no later attempt changes, by status and the code in Vigie's own body. */
const FINAL: ReadonlySet<string> = new Set([
  '400 invalid',
  '400 json-malformed',
  '409 event-conflict',
  '409 event-unknown',
  '409 photo-conflict',
  '409 clip-conflict',
  '413 too-large',
  '415 media-type-unsupported',
  '415 not-an-image',
  '415 not-a-clip',
]);

/** Path of the request that carries an item. */
export function pathOf(item: Pick<QueueItem, 'eventId' | 'kind' | 'n' | 'last'>): string {
  const event = `/api/events/${item.eventId}`;
  if (item.kind === 'facts') return event;
  return item.kind === 'photo' ? `${event}/photo` : `${event}/clip/${item.n}?last=${item.last ? 1 : 0}`;
}

/** How long a request of so many bytes may take, whole ms. */
export function patienceFor(bytes: number): number {
  return REQUEST_MILLIS + Math.ceil(bytes / SLOWEST_BYTES_PER_MILLI);
}

/**
 * What an answer means for the item. Whoever stands between (a proxy, a tunnel, a hotel's sign-in page) answers too:
 * only what Vigie itself says ends an item, all else is tried again.
 */
export async function resultOf(kind: QueueItem['kind'], answer: Response): Promise<SendResult> {
  if (answer.ok) return { kind: (await isReceipt(kind, answer)) ? 'done' : 'retry' };
  const code = await errorCode(answer);
  const said = `${answer.status} ${code}`;
  if (said === '403 camera-revoked') return { kind: 'revoked' };
  if (said === '401 signature-invalid') return { kind: 'unproven' };
  return FINAL.has(said) ? { kind: 'never', code } : { kind: 'retry' };
}

/** Sends one item; never throws: what the network does is a result. */
export async function sendItem(credentials: CameraCredentials, item: QueueItem): Promise<SendResult> {
  try {
    const bytes = item.kind === 'facts' ? stamped(item.body, Date.now()) : item.body;
    const patience = AbortSignal.timeout(patienceFor(bytes.byteLength));
    const answer = await signedFetch(credentials, 'PUT', pathOf(item), { type: item.type, bytes }, patience);
    return await resultOf(item.kind, answer);
  } catch {
    return { kind: 'retry' };
  }
}

/** The facts with the time of this very attempt, from which the server tells the clocks' offset. */
function stamped(facts: Uint8Array<ArrayBuffer>, nowMillis: number): Uint8Array<ArrayBuffer> {
  const object: unknown = JSON.parse(new TextDecoder().decode(facts));
  return new TextEncoder().encode(JSON.stringify({ ...(object as object), sentAt: nowMillis }));
}

/** Whether this is how Vigie says that it has the item: a receipt for facts, an empty 200 or 201 for the rest, 204 for what was deleted. */
async function isReceipt(kind: QueueItem['kind'], answer: Response): Promise<boolean> {
  if (answer.redirected || answer.headers.get('content-type')?.startsWith('text/html')) return false;
  if (answer.status === 204) return true;
  if (answer.status !== 200 && answer.status !== 201) return false;
  if (kind === 'facts') return EventReceipt.safeParse(await answer.json()).success;
  return (await answer.arrayBuffer()).byteLength === 0;
}

/** The code in Vigie's body of a refusal; empty: this is no such body. */
async function errorCode(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => null);
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : '';
}
