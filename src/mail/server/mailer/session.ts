/** One SMTP connection: a message enters, its end held back until it may go; the server's answer leaves. */
import { Readable } from 'node:stream';
import type { NodemailerError } from 'nodemailer/lib/errors.js';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpSettings } from '../../shared/settings.ts';
import type { Envelope } from '../transport.ts';
import { type Failure, failureOf } from './failure.ts';
import { connectionOptions } from './options.ts';

/** Bytes handed over at once. */
const PIECE = 64 * 1024;
/** An idle connection may have died unheard: how long it has to take the envelope, milliseconds. */
const STALE_MILLIS = 4_000;

export type Answer =
  | { readonly kind: 'accepted'; readonly said: string }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      /** Whether the final dot was let go without an answer to it. */
      readonly unanswered: boolean;
      /** The connection had died before it was used: another one can do it. */
      readonly stale: boolean;
    }
  | { readonly kind: 'withdrawn' };

export interface Session {
  /** False: it takes no more messages. */
  readonly usable: boolean;
  send(envelope: Envelope, source: Uint8Array, atDot: () => Promise<boolean>): Promise<Answer>;
  /** Asks the server whether it is still there. */
  check(): Promise<boolean>;
  close(): void;
}

/** Connects, encrypts, signs in. @throws {NodemailerError} */
export function openSession(settings: SmtpSettings): Promise<Session> {
  const connection = new SMTPConnection(connectionOptions(settings));
  return new Promise((resolve, reject) => {
    const fail = (error: NodemailerError) => {
      connection.close();
      reject(error);
    };
    connection.once('error', fail);
    connection.connect((connectError) => {
      if (connectError) return fail(connectError);
      const ready = () => {
        connection.removeListener('error', fail);
        resolve(sessionOf(connection));
      };
      if (settings.user === null || !connection.allowsAuth) return ready();
      connection.login({ user: settings.user, pass: settings.password ?? '' }, (loginError) =>
        loginError ? fail(loginError) : ready(),
      );
    });
  });
}

function sessionOf(connection: SMTPConnection): Session {
  let usable = true;
  let used = false;
  // What happens to a message is told by its own callback; between messages a dead connection is only not used again.
  connection.on('error', () => {
    usable = false;
  });
  connection.once('end', () => {
    usable = false;
  });

  function attempt(envelope: Envelope, source: Uint8Array, atDot: () => Promise<boolean>): Promise<Answer> {
    return new Promise((resolve) => {
      const reused = used;
      used = true;
      let begun = false;
      let released = false;
      let withdrawn = false;
      const staleTimer = setTimeout(() => {
        if (!reused || begun) return;
        connection.close();
        finish({ kind: 'failed', failure: failureOf(silence()), unanswered: false, stale: true });
      }, STALE_MILLIS);
      const body = Readable.from(
        (async function* () {
          begun = true;
          clearTimeout(staleTimer);
          for (let at = 0; at < source.length; at += PIECE) yield source.subarray(at, at + PIECE);
          released = await atDot();
          if (!released) {
            withdrawn = true;
            throw new Error('withdrawn');
          }
        })(),
        { objectMode: false, highWaterMark: 1 },
      );
      const finish = (answer: Answer) => {
        clearTimeout(staleTimer);
        body.destroy();
        if (connection.destroyed) usable = false;
        resolve(answer);
      };
      body.on('error', () => undefined);
      connection.send({ from: envelope.from, to: envelope.to, size: source.length }, body, (error, info) => {
        if (!error) return finish({ kind: 'accepted', said: info?.response ?? '' });
        // Once bytes of a message are under way, only its end or the end of the connection stops them.
        const answered = error.responseCode !== undefined;
        if (begun && !(released && answered)) {
          usable = false;
          connection.close();
        }
        if (withdrawn) return finish({ kind: 'withdrawn' });
        // The server took the connection and the envelope, and broke off in the middle of this very message.
        const failure: Failure = begun && !answered ? { ...failureOf(error), scope: 'message' } : failureOf(error);
        const lost =
          !begun && failure.scope === 'server' && (failure.code === 'unreachable' || failure.code === 'timeout');
        return finish({ kind: 'failed', failure, unanswered: released && !answered, stale: reused && lost });
      });
    });
  }

  function check(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        connection.close();
        resolve(false);
      }, STALE_MILLIS);
      const done = (alive: boolean) => {
        clearTimeout(timer);
        connection.removeListener('end', dead);
        usable = usable && alive;
        resolve(alive);
      };
      const dead = () => done(false);
      connection.once('end', dead);
      connection.reset((error) => done(!error));
    });
  }

  return {
    get usable() {
      return usable;
    },
    async send(envelope, source, atDot) {
      const answer = await attempt(envelope, source, atDot);
      // A refused message leaves its envelope behind (RFC 5321 § 4.1.1.5).
      if (answer.kind === 'failed' && usable) usable = await check();
      return answer;
    },
    check,
    close() {
      usable = false;
      connection.close();
    },
  };
}

function silence(): NodemailerError {
  return Object.assign(new Error('no answer over a connection that was open'), { code: 'ETIMEDOUT' });
}
