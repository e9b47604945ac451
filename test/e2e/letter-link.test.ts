/** An intrusion enters; the link in its mail has the name on the local network, and its path opens the event whatever the host. */
import { afterEach, expect, it, vi } from 'vitest';
import type { MailboxList } from '../../src/mail/shared/mailbox.ts';
import { fetchTransport, freshEventId, registerCamera } from '../kit/camera.ts';
import { signUp } from '../kit/person.ts';
import { startServer } from '../kit/server.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

it.each([
  [
    'the name at home, or a number where the name cannot be had',
    {},
    /^https:\/\/(vigie\.local|[\d.]+|\[[\da-f:]+\]|localhost):\d+$/,
  ],
  ['this machine, where nothing else can reach it', { HOST: '127.0.0.1' }, /^http:\/\/localhost:\d+$/],
])('the link of an alarm leads to %s', async (_where, env, origin) => {
  const server = await startServer({ https: true, env });
  ends.push(() => server.stop());
  const { session } = await signUp(server.http, 'anna@example.org');
  const camera = await registerCamera(fetchTransport(server.http), session, 'Hall');
  const id = freshEventId();
  await camera.putEvent(id);
  await camera.putPhoto(id);
  const text = await vi.waitUntil(
    async () => {
      const answer = await fetch(`${server.http}/api/mailbox`, { headers: session });
      return ((await answer.json()) as MailboxList).messages[0]?.text;
    },
    { timeout: 20_000, interval: 50 },
  );
  const link = new URL(/https?:\/\/\S+#\S+/.exec(text)?.[0] ?? '');
  expect(link.origin).toMatch(origin);
  expect(link.hash).toBe(`#${camera.cameraId}.${id}`);
  const page = await fetch(`${server.http}${link.pathname}`, { headers: { ...session, accept: 'text/html' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
});
