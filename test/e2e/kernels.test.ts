/** The server's own pages, with their Content-Security-Policy, enter; that the detector's kernels run there leaves. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KERNELS_BASE64 } from '../../src/motion/shared/kernels-binary.ts';
import { openBrowser } from '../kit/browser.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

it('pages may compile the kernels, and still may not evaluate text', async () => {
  const page = await browser.newPage();
  await page.goto(new URL('/privacy', server.http).href);
  const outcome = await page.evaluate(async (base64) => {
    // A task of its own: while a debugger's call runs, the browser lets it evaluate text.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const attempt = (work: () => unknown) => {
      try {
        return work();
      } catch (error) {
        return error instanceof Error ? error.name : String(error);
      }
    };
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const env = { memory: new WebAssembly.Memory({ initial: 1 }) };
    return [
      attempt(() => Object.keys(new WebAssembly.Instance(new WebAssembly.Module(bytes), { env }).exports).length),
      attempt(() => new Function('return 1')()),
    ];
  }, KERNELS_BASE64);
  expect(outcome).toEqual([10, 'EvalError']);
});
