/** The recipe of docs/operate/server.md enters, with Debian's Caddy; what people do through it works, and a forged address counts for nothing. */
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { type Caddy, startCaddy } from '../kit/caddy.ts';
import { arm, expectStatus, openCamera } from '../kit/camera-page.ts';
import { freePorts, type RunningServer, startServer } from '../kit/server.ts';

let origin: string;
let server: RunningServer;
let caddy: Caddy;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  const [port] = await freePorts();
  origin = `https://localhost:${port}`;
  server = await startServer({ env: { PUBLIC_URL: origin, TRUSTED_PROXIES: '127.0.0.1,::1', HTTPS_PORT: '0' } });
  caddy = await startCaddy(port, server.port);
  browser = await openBrowser();
  context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB', timezoneId: 'Europe/Paris' });
});
afterAll(async () => {
  await browser?.close();
  await caddy?.close();
  await server?.stop();
});

it('a person signs up, arms a camera, and watches it live on another page', async () => {
  const home = await context.newPage();
  await home.goto(origin);
  const form = home.getByRole('form', { name: 'Create account' });
  await form.getByLabel('Email').fill('person@example.org');
  await form.getByLabel('Password', { exact: true }).fill('a lantern on the hill');
  await form.getByLabel('Confirm password').fill('a lantern on the hill');
  await form.getByRole('button', { name: 'Create account' }).click();
  await home.getByRole('link', { name: 'Watch' }).waitFor();

  const camera = await openCamera(context, origin);
  await camera.getByLabel('Enable live streaming').check();
  await arm(camera);
  const watch = await context.newPage();
  await watch.goto(`${origin}/watch`);
  await expect
    .poll(() => watch.getByRole('article', { name: 'Living room' }).getByRole('status').textContent(), {
      timeout: 30_000,
    })
    .toContain('Live');
  await expectStatus(camera, 'Watching');
});

it('wrong passwords are counted by the address that Caddy saw, not by one that was made up', async () => {
  const tries = Array.from({ length: 12 }, (_, n) => n);
  const statuses: number[] = [];
  for (const n of tries) {
    const answer = await context.request.post(`${origin}/api/accounts/sign-in`, {
      headers: { origin, 'x-forwarded-for': `203.0.113.${n}` },
      data: { email: 'person@example.org', password: `wrong ${n}` },
    });
    statuses.push(answer.status());
  }
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
});

it('keeps the server’s figures to its own machine', async () => {
  expect((await context.request.get(`${origin}/metrics`)).status()).toBe(404);
  expect((await context.request.get(`${origin}/healthz`)).status()).toBe(200);
});
