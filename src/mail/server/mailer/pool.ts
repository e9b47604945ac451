/** Messages for one mail server enter; their outcomes leave, over connections that are kept while they are of use. */
import type { NodemailerError } from 'nodemailer/lib/errors.js';
import type { SmtpSettings } from '../../shared/settings.ts';
import type { Envelope, Outcome } from '../transport.ts';
import { failureOf } from './failure.ts';
import { type Answer, openSession, type Session } from './session.ts';

/** An unused connection is given back after this, milliseconds: RFC 5321 § 4.5.3.2.7 lets the server end it after five minutes. */
const IDLE_MILLIS = 240_000;
/** An unused connection is asked for a sign of life after this, milliseconds. */
const CHECK_AFTER_MILLIS = 60_000;
/** Messages over one connection; some servers end it after a hundred. */
const MESSAGES_MAX = 80;
/** Age of a connection, milliseconds. */
const AGE_MAX_MILLIS = 1_800_000;

interface Kept {
  readonly session: Session;
  readonly openedAt: number;
  messages: number;
  idleSince: number;
  idleTimer: NodeJS.Timeout | null;
}

export interface Pool {
  send(envelope: Envelope, source: Uint8Array, atDot: () => Promise<boolean>): Promise<Outcome>;
  /** Has at least one connection ready, and checks one that was unused for a minute. */
  warm(): Promise<void>;
  /** Gives unused connections back; busy ones end with their message. */
  close(): void;
}

export function createPool(settings: SmtpSettings): Pool {
  const idle: Kept[] = [];
  let busy = 0;
  let warming: Promise<void> | null = null;
  let closed = false;

  async function open(): Promise<Kept> {
    const session = await openSession(settings);
    return { session, openedAt: Date.now(), messages: 0, idleSince: Date.now(), idleTimer: null };
  }

  function takeIdle(): Kept | null {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
      if (kept.idleTimer) clearTimeout(kept.idleTimer);
      if (kept.session.usable) return kept;
    }
    return null;
  }

  function giveBack(kept: Kept): void {
    if (!kept.session.usable) return;
    if (closed || kept.messages >= MESSAGES_MAX || Date.now() - kept.openedAt > AGE_MAX_MILLIS)
      return kept.session.close();
    kept.idleSince = Date.now();
    kept.idleTimer = setTimeout(() => {
      idle.splice(idle.indexOf(kept), 1);
      kept.session.close();
    }, IDLE_MILLIS);
    idle.push(kept);
  }

  async function sendOver(
    kept: Kept,
    envelope: Envelope,
    source: Uint8Array,
    atDot: () => Promise<boolean>,
  ): Promise<Answer> {
    kept.messages += 1;
    const answer = await kept.session.send(envelope, source, atDot);
    giveBack(kept);
    return answer;
  }

  async function warmUp(): Promise<void> {
    const kept = takeIdle();
    if (kept === null) return giveBack(await open());
    if (Date.now() - kept.idleSince > CHECK_AFTER_MILLIS && !(await kept.session.check()))
      return giveBack(await open());
    giveBack(kept);
  }

  return {
    async send(envelope, source, atDot) {
      busy += 1;
      try {
        // A connection on its way serves the message sooner than one that starts now.
        await warming?.catch(() => undefined);
        const kept = takeIdle();
        let answer: Answer = await sendOver(kept ?? (await open()), envelope, source, atDot);
        if (answer.kind === 'failed' && answer.stale) answer = await sendOver(await open(), envelope, source, atDot);
        return outcomeOf(answer);
      } catch (error) {
        const { code, said } = failureOf(error as NodemailerError);
        return { kind: 'later', scope: 'server', code, said };
      } finally {
        busy -= 1;
      }
    },
    async warm() {
      if (closed || busy > 0) return;
      warming ??= warmUp().finally(() => {
        warming = null;
      });
      await warming;
    },
    close() {
      closed = true;
      for (let kept = takeIdle(); kept !== null; kept = takeIdle()) kept.session.close();
    },
  };
}

function outcomeOf(answer: Answer): Outcome {
  if (answer.kind === 'accepted') return { kind: 'sent', said: answer.said };
  if (answer.kind === 'withdrawn') return answer;
  const { code, said, scope, permanent } = answer.failure;
  if (answer.unanswered) return { kind: 'unknown', code, said };
  if (permanent) return { kind: 'refused', code, said };
  // It had taken the connection: whether the next message hears the same, only that one can tell.
  return { kind: 'later', scope: scope === 'server' ? 'session' : scope, code, said };
}
