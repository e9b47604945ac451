/** Deliveries that are due enter, one after the other or several at once; mails leave, and what became of each is on disk. */
import type { MailTransport, Outcome, Parcel } from '../../mail/server/transport.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeliveryRow, DeliveryStore } from './delivery-store.ts';
import { recoverInterrupted } from './recovery.ts';
import { createServerGate } from './server-gate.ts';
import { Expired, settleOutcome } from './settle.ts';
import type { Timers } from './timers.ts';

/** Messages on their way at once: more than one, so that a slow address holds nobody up. */
const CONCURRENCY = 4;
/** Of these, to one and the same address. */
const PER_RECIPIENT = 2;
/** Addresses remembered as what the mail server may stumble over. */
const SUSPECTS_MAX = 100;
/** Pause after the database itself failed, milliseconds. */
const AFTER_ERROR_MILLIS = 1_000;
/** How long a delivery that is over and tells of no event is kept, milliseconds; looked at as often. */
const FORGET_AFTER_MILLIS = 24 * 3_600_000;

export interface OutboxParts {
  readonly store: DeliveryStore;
  readonly clock: Clock;
  readonly timers: Timers;
  /** The way mail goes at this moment. */
  readonly transport: () => MailTransport;
  /** Makes the message of a row. @throws where the row makes no sense. */
  readonly compose: (row: DeliveryRow, channel: 'mail' | 'mailbox') => Promise<Parcel>;
  /** What went wrong inside, without addresses. */
  readonly onError: (error: unknown) => void;
  /** A try is over, and what became of it is written down. */
  readonly onSettled?: (row: DeliveryRow) => void;
  /** 0..1; left out: Math.random. */
  readonly random?: () => number;
}

export interface Outbox {
  /** Takes up what an earlier process left, then works. */
  start(): Promise<void>;
  /** New deliveries are committed. */
  wake(): void;
  /** The photo of an event is on disk: its alarms wait no longer. */
  photoArrived(cameraId: string, eventId: string): Promise<void>;
  /** A camera is armed, or still is: an alarm may have to go any moment. Cheap. */
  warmUp(): void;
  /** Another mail server is set: what waited for the old one goes at once. */
  serverChanged(): void;
  /** Resolves when nothing is on its way and nothing can be done before the clock moves on. */
  idle(): Promise<void>;
  /** Takes nothing new and waits for what is on its way. */
  close(): Promise<void>;
}

export function createOutbox(parts: OutboxParts): Outbox {
  const { store, clock, timers } = parts;
  const random = parts.random ?? Math.random;
  const gate = createServerGate(clock, random);
  /** Recipients of what is on its way, by delivery. */
  const running = new Map<string, string>();
  /** To whom the last messages went at which the server broke off. One address must not be the only one that is tried. */
  const suspects = new Set<string>();
  const idleWaiters = new Set<() => void>();
  let cancelTimer: (() => void) | null = null;
  let cancelForgetting: (() => void) | null = null;
  let looking = false;
  let lookAgain = false;
  let started = false;
  let closed = false;

  /** Addresses that have as many messages on their way as they may. */
  function busyRecipients(): string[] {
    const counts = new Map<string, number>();
    for (const recipient of running.values()) counts.set(recipient, (counts.get(recipient) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= PER_RECIPIENT).map(([recipient]) => recipient);
  }

  /** While the server is away, an address that was not tried goes first: it may be the other one that it stumbles over. */
  async function nextDue(now: number): Promise<DeliveryRow | undefined> {
    const busy = busyRecipients();
    if (gate.opensAt() !== null && suspects.size > 0) {
      const [other] = await store.due(now, 1, [...busy, ...suspects]);
      if (other !== undefined) return other;
      suspects.clear();
    }
    return (await store.due(now, 1, busy))[0];
  }

  function suspect(recipient: string): void {
    if (suspects.size >= SUSPECTS_MAX) suspects.clear();
    suspects.add(recipient);
  }

  async function deliver(row: DeliveryRow): Promise<void> {
    const transport = parts.transport();
    let outcome: Outcome | Error;
    try {
      const parcel = await parts.compose(row, transport.channel);
      outcome = await transport.send(parcel, () => commitAtDot(row.id));
    } catch (error) {
      if (!(error instanceof Expired)) parts.onError(error);
      outcome = error instanceof Error ? error : new Error(String(error));
    }
    if ('kind' in outcome && outcome.kind === 'later' && outcome.scope === 'session') suspect(row.recipient);
    await settled(row, transport.channel, outcome);
    parts.onSettled?.(row);
  }

  /** A database that cannot commit means no final dot; the outcome `withdrawn` brings the message back. */
  async function commitAtDot(id: string): Promise<boolean> {
    try {
      return await store.commitAtDot(id);
    } catch (error) {
      parts.onError(error);
      return false;
    }
  }

  /** What happened to a mail must not be forgotten because the disk was full for a moment. */
  async function settled(row: DeliveryRow, channel: 'mail' | 'mailbox', outcome: Outcome | Error): Promise<void> {
    for (;;) {
      try {
        return await settleOutcome({ store, clock, gate, random }, row, channel, outcome);
      } catch (error) {
        parts.onError(error);
        if (closed) return;
        await new Promise<void>((resolve) => timers.after(AFTER_ERROR_MILLIS, resolve));
      }
    }
  }

  async function takeDue(now: number): Promise<void> {
    while (!closed && running.size < CONCURRENCY && gate.allows(running.size, now)) {
      const next = await nextDue(now);
      if (next === undefined) return;
      const row = await store.claim(next.id);
      if (row === null) continue;
      running.set(row.id, row.recipient);
      void deliver(row)
        .catch(parts.onError)
        .finally(() => {
          running.delete(row.id);
          look();
        });
    }
  }

  async function lookOnce(): Promise<void> {
    // One moment for both questions: what falls due between two would be seen by neither.
    const now = clock.now();
    await takeDue(now);
    if (closed) return;
    const opensAt = gate.opensAt();
    const at = opensAt !== null && opensAt > now ? opensAt : await store.nextDueAt(now);
    cancelTimer?.();
    if (at !== null) setTimer(at - clock.now());
    if (running.size === 0 && !lookAgain) settleIdle();
  }

  function setTimer(millis: number): void {
    cancelTimer?.();
    cancelTimer = timers.after(Math.max(0, millis), look);
  }

  function settleIdle(): void {
    for (const resolve of idleWaiters) resolve();
    idleWaiters.clear();
  }

  function look(): void {
    if (closed) {
      if (running.size === 0) settleIdle();
      return;
    }
    // Before the recovery, nobody could tell what this process has under way from what an earlier one left.
    if (!started) return;
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = true;
    void (async () => {
      do {
        lookAgain = false;
        try {
          await lookOnce();
        } catch (error) {
          parts.onError(error);
          setTimer(AFTER_ERROR_MILLIS);
        }
      } while (lookAgain && !closed);
      looking = false;
      if (closed && running.size === 0) settleIdle();
    })();
  }

  /** Called where something is committed already: readiness is not worth an error there. */
  function warm(): void {
    try {
      parts.transport().warm();
    } catch (error) {
      parts.onError(error);
    }
  }

  function forget(): void {
    void store.forget(clock.now() - FORGET_AFTER_MILLIS).catch(parts.onError);
    cancelForgetting = timers.after(FORGET_AFTER_MILLIS, forget);
  }

  return {
    async start() {
      await recoverInterrupted(store, clock);
      started = true;
      forget();
      look();
    },
    wake() {
      gate.hurry();
      look();
      warm();
    },
    async photoArrived(cameraId, eventId) {
      await store.dueNow(cameraId, eventId, clock.now());
      look();
    },
    warmUp: warm,
    serverChanged() {
      gate.reset();
      look();
    },
    idle() {
      return new Promise((resolve) => {
        idleWaiters.add(resolve);
        look();
      });
    },
    async close() {
      closed = true;
      cancelTimer?.();
      cancelForgetting?.();
      if (running.size === 0 && !looking) return;
      await new Promise<void>((resolve) => idleWaiters.add(resolve));
    },
  };
}
