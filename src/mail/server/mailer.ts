/** Parcels for a mail server enter; their outcomes leave, made in a child process that lives only while it is needed. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import { FailureCode as code, type SmtpSettings } from '../shared/settings.ts';
import type { DkimKey } from './dkim.ts';
import type { ToMailer } from './mailer/protocol.ts';
import type { MailTransport, Outcome } from './transport.ts';

const PROCESS = fileURLToPath(new URL('./mailer/process.ts', import.meta.url));
/** Without a message or a sign that one may come, milliseconds. */
const IDLE_MILLIS = 300_000;
/** Signs that one may come are passed on this often at most, milliseconds. */
const WARM_EVERY_MILLIS = 15_000;
/** Longest pause before a process that keeps crashing is started for nothing but readiness, milliseconds. */
const RESTART_MAX_MILLIS = 60_000;
/** A server that thinks about a message has this long when the mailer closes, milliseconds. */
const CLOSE_MILLIS = 9_000;
/** Messages remembered as having been on their way when the child ended. */
const CRASHED_MAX = 1_000;
/** What the child may see of the environment: certificates, resolver, clock; no secret. */
const PASSED_ON = ['PATH', 'SystemRoot', 'TZ', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_OPTIONS'];

const said = z.string().nullable();
const FromMailer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('at-dot'), job: z.number() }),
  z.object({
    type: z.literal('outcome'),
    job: z.number(),
    outcome: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('sent'), said }),
      z.object({ kind: z.literal('refused'), code, said }),
      z.object({ kind: z.literal('later'), scope: z.enum(['message', 'session', 'server']), code, said }),
      z.object({ kind: z.literal('unknown'), code, said }),
      z.object({ kind: z.literal('withdrawn') }),
    ]),
  }),
]);

interface Job {
  /** The message's id. */
  readonly id: string;
  readonly atDot: () => Promise<boolean>;
  readonly finish: (outcome: Outcome) => void;
  /** Whether the final dot was allowed. */
  released: boolean;
  /** Whether it was asked for, and so may be allowed: from there on only the server's answer tells what became of it. */
  atTheDot: boolean;
}

const UNKNOWN = { kind: 'unknown', code: 'mailer', said: null } as const;
const NOT_NOW = { kind: 'later', scope: 'server', code: 'mailer', said: null } as const;

export interface Mailer {
  /** The way through the server with these settings. */
  transport(settings: SmtpSettings): MailTransport;
  /** Process id of the child; null: none runs. */
  pid(): number | null;
  /**
   * Ends the child. A message past its final dot has some seconds for the server's answer, lest it come twice; the
   * others are told to be tried again.
   */
  close(): Promise<void>;
}

/**
 * @param dkim signs every message; null: none is signed
 * @param idleMillis left out: five minutes
 * @param closeMillis for the answers to messages past their final dot at the end; left out: nine seconds
 * @param program what the child runs; left out: the mailer
 */
export function createMailer(parts: {
  readonly clock: Clock;
  readonly dkim: DkimKey | null;
  readonly idleMillis?: number;
  readonly closeMillis?: number;
  readonly program?: string;
}): Mailer {
  const idleMillis = parts.idleMillis ?? IDLE_MILLIS;
  const jobs = new Map<number, Job>();
  /** Messages with which a child ended once: with whom it happens again is the reason itself. */
  const crashed = new Set<string>();
  let child: ChildProcess | null = null;
  let lastJob = 0;
  let crashes = 0;
  let mayWarmAt = 0;
  let idleTimer: NodeJS.Timeout | null = null;
  let closed = false;
  let onAnswered = () => {};

  function start(): ChildProcess {
    const env = Object.fromEntries(
      PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    );
    const started = fork(parts.program ?? PROCESS, [], {
      serialization: 'advanced',
      execArgv: [],
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    started.on('message', (message) => hear(started, message));
    started.once('error', () => gone(started));
    started.once('exit', () => gone(started));
    return started;
  }

  /** The child has ended, by itself or killed: what was released may have arrived, the rest has not. */
  function gone(ended: ChildProcess): void {
    if (child !== ended) return;
    child = null;
    if (!closed) pauseAfterCrash();
    for (const job of [...jobs.values()]) job.finish(job.released ? UNKNOWN : lostWith(job, ended.pid !== undefined));
  }

  function pauseAfterCrash(): void {
    crashes += 1;
    mayWarmAt = parts.clock.now() + Math.min(RESTART_MAX_MILLIS, 500 * 2 ** crashes);
  }

  /** @param ran whether there was a child at all, or only an attempt to start one */
  function lostWith({ id }: Job, ran: boolean): Outcome {
    if (closed || !ran) return NOT_NOW;
    if (crashed.has(id)) return { ...NOT_NOW, scope: 'message' };
    if (crashed.size >= CRASHED_MAX) crashed.clear();
    crashed.add(id);
    return { ...NOT_NOW, scope: 'session' };
  }

  function hear(from: ChildProcess, raw: unknown): void {
    const { data: message } = FromMailer.safeParse(raw);
    const job = message === undefined ? undefined : jobs.get(message.job);
    if (message === undefined || job === undefined) return;
    if (message.type === 'outcome') {
      if (message.outcome.kind === 'sent') crashes = 0;
      crashed.delete(job.id);
      job.finish(message.outcome);
      return;
    }
    if (closed) return tell({ type: 'end', job: message.job, go: false });
    job.atTheDot = true;
    void job
      .atDot()
      .catch(() => false)
      .then((go) => {
        job.released = go && jobs.has(message.job) && child === from;
        job.atTheDot = job.released;
        tell({ type: 'end', job: message.job, go: job.released });
        onAnswered();
      });
  }

  function tell(message: ToMailer): void {
    // A channel that breaks here is followed by the child's end, which settles its jobs.
    if (child?.connected) child.send(message, () => undefined);
  }

  /** Has a child run. False: the machine cannot start one now. */
  function ready(): boolean {
    try {
      child ??= start();
    } catch {
      // No memory or no process number left (fork throws these): who asks next finds out whether there is again.
      pauseAfterCrash();
      return false;
    }
    stayAwake();
    return true;
  }

  function stayAwake(): void {
    if (idleTimer) clearTimeout(idleTimer);
    idleTimer = setTimeout(() => {
      if (jobs.size > 0) return stayAwake();
      const ending = child;
      child = null;
      ending?.disconnect();
    }, idleMillis);
    idleTimer.unref();
  }

  /** Resolves when no message is past its final dot, or its time is over. */
  function answers(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, parts.closeMillis ?? CLOSE_MILLIS);
      onAnswered = () => {
        if ([...jobs.values()].some(({ atTheDot }) => atTheDot)) return;
        clearTimeout(timer);
        resolve();
      };
      onAnswered();
    });
  }

  return {
    transport: (settings) => ({
      channel: 'mail',
      send(parcel, atDot) {
        if (closed || !ready()) return Promise.resolve(NOT_NOW);
        lastJob += 1;
        const job = lastJob;
        return new Promise((resolve) => {
          const finish = (outcome: Outcome) => {
            jobs.delete(job);
            resolve(outcome);
            onAnswered();
          };
          jobs.set(job, { id: parcel.id, atDot, finish, released: false, atTheDot: false });
          tell({ type: 'send', job, settings, dkim: parts.dkim, envelope: parcel.envelope, source: parcel.source });
        });
      },
      warm() {
        const now = parts.clock.now();
        if (closed || now < mayWarmAt) return;
        mayWarmAt = now + WARM_EVERY_MILLIS;
        if (!ready()) return;
        tell({ type: 'warm', settings });
      },
    }),
    pid: () => child?.pid ?? null,
    async close() {
      closed = true;
      if (idleTimer) clearTimeout(idleTimer);
      const ending = child;
      if (ending === null) return;
      const ended = new Promise<void>((resolve) => ending.once('exit', () => resolve()));
      await answers();
      if (ending.connected) ending.disconnect();
      await ended;
    },
  };
}
