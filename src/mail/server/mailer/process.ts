/** A process of its own: messages and the settings of their server enter by IPC; what the server answered leaves. */
import type { Outcome } from '../transport.ts';
import { createPool, type Pool } from './pool.ts';
import type { FromMailer, ToMailer } from './protocol.ts';
import { sign } from './sign.ts';

/** The pool of the settings last seen; the owner changes them once in a while. */
let current: { readonly key: string; readonly pool: Pool } | null = null;
/** By job: what lets the message end. */
const held = new Map<number, (go: boolean) => void>();

function poolFor(settings: Extract<ToMailer, { type: 'send' }>['settings']): Pool {
  const key = JSON.stringify(settings);
  if (current?.key !== key) {
    current?.pool.close();
    current = { key, pool: createPool(settings) };
  }
  return current.pool;
}

function tell(message: FromMailer): void {
  // A server that ended this very moment is told nothing; `disconnect` follows.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

async function send({ job, settings, dkim, envelope, source }: Extract<ToMailer, { type: 'send' }>): Promise<void> {
  const atDot = () =>
    new Promise<boolean>((resolve) => {
      held.set(job, resolve);
      tell({ type: 'at-dot', job });
    });
  const attempt = async (): Promise<Outcome> => {
    const signed = dkim === null ? source : await sign(source, dkim);
    return poolFor(settings).send(envelope, signed, atDot);
  };
  const outcome = await attempt().catch(
    (): Outcome => ({ kind: 'later', scope: 'message', code: 'mailer', said: null }),
  );
  held.delete(job);
  tell({ type: 'outcome', job, outcome });
}

// The only one that speaks to this process is the server that started it, in the shapes of `protocol.ts`.
process.on('message', (message: ToMailer) => {
  switch (message.type) {
    case 'send':
      void send(message);
      break;
    case 'end':
      held.get(message.job)?.(message.go);
      held.delete(message.job);
      break;
    case 'warm':
      // The next message tells what is wrong with the server.
      void poolFor(message.settings)
        .warm()
        .catch(() => undefined);
      break;
    default:
      message satisfies never;
  }
});

// Nobody to answer to any more: what has not reached its final dot must not reach it.
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process of the group; the server ends this one when its mails are through.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
