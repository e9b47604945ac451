/** What a delivery keeps beside its row enters as JSON text; checked contents by kind leave. */
import { z } from 'zod';

const EpochMillis = z.number().int().min(0).max(8.64e15);

/** By kind: what the message needs that no other table keeps for sure until it is sent. */
const PAYLOADS = {
  /** The camera's name and the capture time as they were, so that the alarm outlives camera and event. */
  alarm: z.object({ cameraName: z.string(), startedAt: EpochMillis, timeZone: z.string() }).strict(),
  /** Six digits, and until when they open anything. */
  code: z.object({ code: z.string().regex(/^\d{6}$/), expiresAt: EpochMillis }).strict(),
  /** "You already have an account": the address knows, the stranger who typed it does not. */
  known: z.object({}).strict(),
  reset: z.object({ url: z.url(), expiresAt: EpochMillis }).strict(),
  test: z.object({}).strict(),
} as const;

export type DeliveryKind = keyof typeof PAYLOADS;
export type Payload<K extends DeliveryKind> = z.infer<(typeof PAYLOADS)[K]>;

/** A kind together with what belongs to it. */
export type DeliveryContent = { [K in DeliveryKind]: { readonly kind: K; readonly payload: Payload<K> } }[DeliveryKind];

const Content = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alarm'), payload: PAYLOADS.alarm }),
  z.object({ kind: z.literal('code'), payload: PAYLOADS.code }),
  z.object({ kind: z.literal('known'), payload: PAYLOADS.known }),
  z.object({ kind: z.literal('reset'), payload: PAYLOADS.reset }),
  z.object({ kind: z.literal('test'), payload: PAYLOADS.test }),
]);

/**
 * Reads what a row keeps.
 * @throws {z.ZodError} where the row does not hold what its kind needs, SyntaxError where it is no JSON.
 */
export function readContent(kind: string, payload: string): DeliveryContent {
  return Content.parse({ kind, payload: JSON.parse(payload) });
}

/** Kinds whose payload opens an account: forgotten as soon as the delivery is over. */
export function isSecret(kind: string): boolean {
  return kind === 'code' || kind === 'reset';
}

/** Milliseconds since 1970 after which the message is of no use; null: it never expires. */
export function expiryOf(content: DeliveryContent): number | null {
  return 'expiresAt' in content.payload ? content.payload.expiresAt : null;
}
