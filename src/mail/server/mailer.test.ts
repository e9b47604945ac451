/** The mailer and its process where that ends, or cannot be started; and a message over which the server breaks off. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMailServer } from '../../../test/kit/smtp.ts';
import { systemClock } from '../../ports/clock.ts';
import type { SmtpSettings } from '../shared/settings.ts';
import { openSession } from './mailer/session.ts';
import { createMailer, type Mailer } from './mailer.ts';
import type { Parcel } from './transport.ts';

let folder: string;
let mailer: Mailer | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-mailer-'));
});
afterEach(async () => {
  await mailer?.close();
  mailer = null;
  await rm(folder, { recursive: true, force: true });
});

const settingsOf = (port: number): SmtpSettings => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  user: null,
  password: null,
});
const ENVELOPE = { from: 'vigie@example.org', to: 'someone@example.org' };
const parcel = (id: string): Parcel => ({
  id,
  accountId: null,
  envelope: ENVELOPE,
  source: Buffer.from('Subject: x\r\n\r\nx\r\n'),
  subject: 'x',
  page: { text: '', link: null, photoUrl: null },
  secret: false,
});

describe('a message with which the process ends', () => {
  it('is the reason itself where that happens again; the server is not', async () => {
    const program = join(folder, 'ends.mjs');
    await writeFile(program, `process.on('message', ({ type }) => type === 'send' && process.exit(7));`);
    mailer = createMailer({ clock: systemClock, dkim: null, program });
    const { send } = mailer.transport(settingsOf(1));
    const later = (scope: string) => ({ kind: 'later', scope, code: 'mailer', said: null });
    expect(await send(parcel('a'), async () => true)).toEqual(later('session'));
    expect(await send(parcel('b'), async () => true)).toEqual(later('session'));
    expect(await send(parcel('a'), async () => true)).toEqual(later('message'));
  });
});

describe('a process that cannot be started', () => {
  it('ends nothing else: no error where it should be ready, and every message waits', async () => {
    // What fork throws for an impossible name it also throws, at once, without memory.
    mailer = createMailer({ clock: systemClock, dkim: null, program: 'im\0possible' });
    const { warm, send } = mailer.transport(settingsOf(1));
    expect(warm).not.toThrow();
    for (let n = 0; n < 3; n += 1)
      expect(await send(parcel('a'), async () => true)).toMatchObject({ kind: 'later', scope: 'server' });
    expect(mailer.pid()).toBeNull();
  });
});

describe('a mailer that closes while the server thinks about a message', () => {
  /** Sends one and resolves once its final dot was allowed. */
  async function thinking(closeMillis: number) {
    const server = await startMailServer();
    const answer = server.holdAnswer();
    const made = createMailer({ clock: systemClock, dkim: null, closeMillis });
    mailer = made;
    const { promise: atDot, resolve } = Promise.withResolvers<void>();
    const sent = made.transport(settingsOf(server.port)).send(parcel('a'), async () => {
      resolve();
      return true;
    });
    await atDot;
    await server.received(1);
    return { server, answer, sent, close: made.close() };
  }

  it('waits for the answer: the message does not come twice', async () => {
    const { server, answer, sent, close } = await thinking(60_000);
    answer();
    expect(await sent).toMatchObject({ kind: 'sent' });
    await close;
    await server.close();
  });

  it('waits only so long', async () => {
    const { server, answer, sent, close } = await thinking(50);
    await close;
    expect(await sent).toMatchObject({ kind: 'unknown' });
    answer();
    await server.close();
  });
});

describe('a connection that the server breaks off', () => {
  it('at an address says nothing yet about the others; one that it never took does', async () => {
    const server = await startMailServer();
    server.answer(ENVELOPE.to, { code: 421, text: '4.3.2 Closing' });
    mailer = createMailer({ clock: systemClock, dkim: null });
    const { send } = mailer.transport(settingsOf(server.port));
    try {
      expect(await send(parcel('a'), async () => true)).toMatchObject({ kind: 'later', scope: 'session' });
    } finally {
      await server.close();
    }
    expect(await send(parcel('a'), async () => true)).toMatchObject({ kind: 'later', scope: 'server' });
  });

  it('in the middle of a message speaks against that message, not against the server', async () => {
    const server = await startMailServer();
    try {
      server.breakOff(ENVELOPE.to);
      const session = await openSession(settingsOf(server.port));
      const answer = await session.send(ENVELOPE, Buffer.alloc(200_000, 'x\r\n'), () => new Promise(() => undefined));
      expect(answer).toMatchObject({
        kind: 'failed',
        unanswered: false,
        stale: false,
        failure: { scope: 'message', permanent: false },
      });
      expect(session.usable).toBe(false);
    } finally {
      await server.close();
    }
  });
});
