/** Nothing enters; a real SMTP server on a free port leaves, which keeps what it gets and misbehaves on request. */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** A message that was accepted, or whose sender will never know. */
export interface ReceivedMail {
  /** RFC 5321: who the server was told it is from and for. */
  readonly from: string;
  readonly to: readonly string[];
  /** As it came, dots unstuffed. */
  readonly raw: Buffer;
  readonly parsed: ParsedMail;
  /** Milliseconds since 1970, at the final dot. */
  readonly receivedAt: number;
}

export interface MailServerOptions {
  readonly port?: number;
  /** Only who signs in so may send. */
  readonly account?: { readonly user: string; readonly password: string };
  /** TLS from the first byte, with a certificate that nobody trusts. */
  readonly tls?: boolean;
}

export interface MailServer {
  readonly port: number;
  /** `smtp://127.0.0.1:port`. */
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** Connections since it started. */
  readonly connections: number;
  /** Resolves with all mails as soon as there are `count`, or as many as `matching`. */
  received(count: number, matching?: (mail: ReceivedMail) => boolean): Promise<ReceivedMail[]>;
  /** What it answers to this recipient from now on; null: takes it. */
  answer(address: string, reply: { readonly code: number; readonly text: string } | null): void;
  /** Makes this recipient wait until the returned function is called; `reached` resolves when the first one waits. */
  hold(address: string): (() => void) & { readonly reached: Promise<void> };
  /** What it answers to every sender; null: takes it. */
  answerSender(reply: { readonly code: number; readonly text: string } | null): void;
  /** Keeps the next `count` messages, then hangs up instead of saying so. */
  hangUpAtDot(count: number): void;
  /** Ends the connection at the first bytes of a message to this recipient, without a word. */
  breakOff(address: string): void;
  /** Keeps messages, but says so only when the returned function is called. */
  holdAnswer(): () => void;
  /** Ends all connections at once, and goes on listening. */
  dropConnections(): void;
  /** Refuses connections until `up`; the port stays its own. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

function smtpError(reply: { code: number; text: string }): Error {
  return Object.assign(new Error(reply.text), { responseCode: reply.code });
}

export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const waiting = new Set<() => void>();
  const sockets = new Set<Socket>();
  const answers = new Map<string, { code: number; text: string }>();
  const holds = new Map<string, { readonly over: Promise<void>; readonly reach: () => void }>();
  let senderAnswer: { code: number; text: string } | null = null;
  const breaksOff = new Set<string>();
  let hangUps = 0;
  let answerHold: Promise<void> = Promise.resolve();
  let connections = 0;
  let server: SMTPServer;
  let port = options.port ?? 0;

  async function keep(session: SMTPServerSession, raw: Buffer): Promise<void> {
    const { mailFrom, rcptTo } = session.envelope;
    mails.push({
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
      raw,
      receivedAt: Date.now(),
      parsed: await simpleParser(raw),
    });
    for (const look of waiting) look();
  }

  function build(): SMTPServer {
    const built = new SMTPServer({
      secure: options.tls ?? false,
      disabledCommands: options.account ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
      allowInsecureAuth: true,
      authOptional: options.account === undefined,
      logger: false,
      disableReverseLookup: true,
      closeTimeout: 100,
      onAuth(auth, _session, done) {
        const good = auth.username === options.account?.user && auth.password === options.account?.password;
        if (good) done(null, { user: auth.username });
        else done(smtpError({ code: 535, text: '5.7.8 Authentication credentials invalid' }));
      },
      onMailFrom(_address, _session, done) {
        done(senderAnswer === null ? null : smtpError(senderAnswer));
      },
      onRcptTo({ address }, _session, done) {
        const reply = answers.get(address);
        const hold = holds.get(address);
        hold?.reach();
        void Promise.resolve(hold?.over).then(() => done(reply === undefined ? null : smtpError(reply)));
      },
      onData(stream, session, done) {
        if (session.envelope.rcptTo.some(({ address }) => breaksOff.has(address))) {
          stream.once('data', dropConnections);
          stream.resume();
          return;
        }
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.on('end', () => {
          const hangUp = hangUps > 0;
          if (hangUp) hangUps -= 1;
          void keep(session, Buffer.concat(pieces))
            .then(() => answerHold)
            .then(() => (hangUp ? dropConnections() : done(null)));
        });
      },
    });
    built.on('error', () => undefined);
    built.server.on('connection', (socket: Socket) => {
      connections += 1;
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    return built;
  }

  function dropConnections(): void {
    for (const socket of sockets) socket.destroy();
  }

  async function up(): Promise<void> {
    server = build();
    server.listen(port, '127.0.0.1');
    await once(server.server, 'listening');
    port = (server.server.address() as AddressInfo).port;
  }

  async function down(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    dropConnections();
    await closed;
  }

  await up();
  return {
    get port() {
      return port;
    },
    get url() {
      return `smtp://127.0.0.1:${port}`;
    },
    mails,
    get connections() {
      return connections;
    },
    received(count, matching = () => true) {
      return new Promise((resolve) => {
        const look = () => {
          const found = mails.filter(matching);
          if (found.length < count) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
    answer(address, reply) {
      if (reply === null) answers.delete(address);
      else answers.set(address, reply);
    },
    hold(address) {
      const { promise: over, resolve } = Promise.withResolvers<void>();
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
      holds.set(address, { over, reach });
      const release = () => {
        holds.delete(address);
        resolve();
      };
      return Object.assign(release, { reached });
    },
    answerSender(reply) {
      senderAnswer = reply;
    },
    hangUpAtDot(count) {
      hangUps = count;
    },
    breakOff: (address) => void breaksOff.add(address),
    holdAnswer() {
      const { promise, resolve } = Promise.withResolvers<void>();
      answerHold = promise;
      return () => {
        answerHold = Promise.resolve();
        resolve();
      };
    },
    dropConnections,
    down,
    up,
    close: down,
  };
}
