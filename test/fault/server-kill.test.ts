/** A server killed between its acknowledgement and the mail enters; after the restart the mail arrives, once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cameraOf, fetchTransport, freshEventId, registerCamera } from '../kit/camera.ts';
import { signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';
import { type MailServer, startMailServer } from '../kit/smtp.ts';

let folder: string;
let mail: MailServer;
let server: RunningServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-kill-'));
  mail = await startMailServer();
  server = await startServer({ dataDir: folder });
});
afterEach(async () => {
  await server.stop();
  await mail.close();
  await rm(folder, { recursive: true, force: true });
});

it('loses no acknowledged event, and mails each once', { timeout: 120_000 }, async () => {
  const person = await signUp(server.http, 'anna@example.org');
  const camera = await registerCamera(fetchTransport(server.http), person.session, 'Hall');
  await server.kill();
  // With a mail server that is down: acknowledged, and not to be sent before the kill.
  await mail.down();
  server = await startServer({ dataDir: folder, env: { SMTP_URL: mail.url, MAIL_FROM: 'vigie@example.org' } });
  const again = cameraOf(fetchTransport(server.http), camera, camera.cameraId);
  const ids = Array.from({ length: 5 }, () => freshEventId());
  for (const id of ids) {
    expect((await again.putEvent(id)).status).toBe(201);
    expect((await again.putPhoto(id)).status).toBe(201);
  }
  await server.kill();

  await mail.up();
  server = await startServer({ dataDir: folder, env: { SMTP_URL: mail.url, MAIL_FROM: 'vigie@example.org' } });
  const mails = await mail.received(ids.length);
  const texts = mails.map(({ parsed }) => parsed.text ?? '');
  for (const id of ids) expect(texts.filter((text) => text.includes(id))).toHaveLength(1);
  for (const { parsed } of mails)
    expect(parsed.attachments.some(({ contentType }) => contentType === 'image/jpeg')).toBe(true);
  expect(new Set(mails.map(({ parsed }) => parsed.messageId)).size).toBe(ids.length);
});
