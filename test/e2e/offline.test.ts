/** A server that goes away enters; the pages open all the same, the camera goes on watching, and nothing is lost. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { arm, eventWhere, expectStatus, mediaOf, openCamera } from '../kit/camera-page.ts';
import { makeFootage, ONE_VISIT } from '../kit/footage.ts';
import { type Person, signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

let port: number;
let server: RunningServer;
let browser: Browser;
let context: BrowserContext;
let person: Person;

beforeAll(async () => {
  const film = await makeFootage(ONE_VISIT);
  server = await startServer();
  port = server.port;
  browser = await openBrowser({ webcam: film.path });
  person = await signUp(server.http, 'person@example.org');
  context = await person.open(browser, { locale: 'en-GB', timezoneId: 'Europe/Paris' });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Waits until the browser has its copies. */
async function keptPages(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

describe('while the server is away', () => {
  it('a camera that is loaded anew goes on watching, and sends later what it saw', async () => {
    const page = await openCamera(context, server.http);
    await keptPages(page);
    await arm(page);
    const { dataDir } = server;
    await server.kill();
    await page.reload();
    await expectStatus(page, 'Watching');
    await expectStatus(page, /\d+ events? waits? here/, 60_000);
    server = await startServer({ port, dataDir });
    const event = await eventWhere(server.http, person, ({ kind, hasPhoto }) => kind === 'intrusion' && hasPhoto);
    expect((await mediaOf(server.http, person, event, 'photo')).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    await page.close();
  });

  it('every page opens, and says so', async () => {
    const { dataDir } = server;
    await server.kill();
    try {
      for (const [path, sentence] of [
        ['/', /Any browser becomes a camera/],
        ['/watch', /The connection to the server is lost/],
        ['/events', /The server cannot be reached/],
        ['/account', /The server cannot be reached/],
        ['/mailbox', /The server cannot be reached/],
        ['/trust', /The server cannot be reached/],
      ] as const) {
        const page = await context.newPage();
        await page.goto(server.http + path);
        await expect.poll(() => page.locator('body').innerText(), { timeout: 20_000 }).toMatch(sentence);
        await page.close();
      }
    } finally {
      server = await startServer({ port, dataDir });
    }
  });
});
