/** A webcam's footage enters; a Chromium driven by the bare DevTools protocol leaves, in which a tab can be hidden: Playwright keeps all visible. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { chromiumPath } from './browser.ts';

/** One tab. */
export interface RawTab {
  /** Runs an expression in the page; a promise is awaited. @throws Error with what the page threw */
  evaluate<T>(expression: string): Promise<T>;
  /** Brings it to the front: every other tab of the window is hidden. */
  show(): Promise<void>;
}

export interface RawBrowser {
  /** Opens a tab in front of the others. */
  open(url: string): Promise<RawTab>;
  /** Sets cookies of an origin, given as a `Cookie` header has them. */
  setCookies(origin: string, header: string): Promise<void>;
  close(): Promise<void>;
}

/** @param webcam MJPEG file that stands for the webcam; permission to use it is given without asking */
export async function openRawBrowser(webcam: string): Promise<RawBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'vigie-chromium-'));
  const child = spawn(
    chromiumPath(),
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-quic'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ...['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
      `--use-file-for-fake-video-capture=${webcam}`,
      ...[`--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank'],
    ],
    { stdio: 'ignore' },
  );
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    }
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return { ...(await drive(child, profile)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function drive(child: ChildProcess, profile: string): Promise<Omit<RawBrowser, 'close'>> {
  const [port, path] = await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`Chromium ended with ${child.exitCode}`);
      const lines = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n');
      if (lines.length < 2) throw new Error('not written yet');
      return lines;
    },
    { timeout: 60_000 },
  );
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  await once(socket, 'open');
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let sent = 0;
  socket.on('message', (data) => {
    const { id, result, error } = JSON.parse(String(data));
    const call = waiting.get(id);
    waiting.delete(id);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result as never);
  });
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Chromium is gone'));
  });
  const send = <T>(method: string, params: object, sessionId?: string) =>
    new Promise<T>((resolve, reject) => {
      waiting.set(++sent, { resolve, reject });
      socket.send(JSON.stringify({ id: sent, method, params, sessionId }));
    });
  return {
    async open(url) {
      const { targetId } = await send<{ targetId: string }>('Target.createTarget', { url });
      const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
      return {
        show: () => send('Target.activateTarget', { targetId }),
        async evaluate(expression) {
          const params = { expression, awaitPromise: true, returnByValue: true, userGesture: true };
          const answer = await send<{
            result: { value: never };
            exceptionDetails?: { text: string; exception?: { description?: string } };
          }>('Runtime.evaluate', params, sessionId);
          if (answer.exceptionDetails)
            throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
          return answer.result.value;
        },
      };
    },
    async setCookies(origin, header) {
      const cookies = header.split('; ').map((pair) => {
        const at = pair.indexOf('=');
        return { name: pair.slice(0, at), value: pair.slice(at + 1), url: origin };
      });
      await send('Storage.setCookies', { cookies });
    },
  };
}
