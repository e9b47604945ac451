/** A browser as camera and browsers that watch, on a real server: the picture moves, only where it may, and comes back. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { type CountingProxy, openCountingProxy } from '../kit/counting-proxy.ts';
import { openTestViewer } from '../kit/live.ts';
import { type Person, signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';
import { makeWebcam } from '../kit/webcam.ts';

const CAMERA_SOCKET = '/api/live/camera';
/** A beat every five seconds, and one more for each movement that begins or ends; a frame alone is some thousand bytes. */
const BEATS_BYTES_MAX = 2000;

let folder: string;
let port: number;
let server: RunningServer;
let proxy: CountingProxy;
let browser: Browser;
let ann: Person;
let ben: Person;
let camera: Page;
let watch: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-live-'));
  const film = join(folder, 'webcam.mjpeg');
  await makeWebcam(film, 'testsrc2=size=640x480:rate=30', 4);
  server = await startServer({ dataDir: folder });
  port = server.port;
  proxy = await openCountingProxy(port);
  browser = await openBrowser({ webcam: film });
  [ann, ben] = [await signUp(server.http, 'ann@example.org'), await signUp(server.http, 'ben@example.org')];
});
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function pageOf(person: Person | null): Promise<Page> {
  const options = { locale: 'en-GB', viewport: { width: 1000, height: 800 } };
  const context = person ? await person.open(browser, options) : await browser.newContext(options);
  return context.newPage();
}

const article = (page: Page, name = 'Hall'): Locator => page.getByRole('article', { name });
const status = (page: Page, name?: string): Locator => article(page, name).getByRole('status');

/** The picture on a canvas, as a number that changes with it. */
function pictureOf(page: Page): Promise<number> {
  return article(page)
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let sum = 0;
      for (let i = 0; i < pixels.length; i += 97) sum = (Math.imul(sum, 31) + (pixels[i] ?? 0)) | 0;
      return sum;
    });
}

async function seesItMove(page: Page): Promise<void> {
  const seen = new Set<number>();
  await vi.waitUntil(async () => seen.add(await pictureOf(page)).size > 5, 10_000);
}

/** As the account may from anywhere. */
async function setMasks(masks: readonly (readonly { x: number; y: number }[])[]): Promise<void> {
  const answer = await watch.evaluate(
    async (body) => {
      const { cameras } = await (await fetch('/api/cameras')).json();
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`/api/cameras/${cameras[0].id}`, { method: 'PATCH', headers, body })).status;
    },
    JSON.stringify({ settings: { masks } }),
  );
  expect(answer).toBe(200);
}

/** What the camera's socket sends up to its next beat that comes after a silence. */
async function bytesUntilBeat(): Promise<number> {
  const before = proxy.bytesUp(CAMERA_SOCKET);
  await vi.waitUntil(() => proxy.bytesUp(CAMERA_SOCKET) > before, { timeout: 15_000, interval: 1500 });
  return proxy.bytesUp(CAMERA_SOCKET) - before;
}

it('sends no video while nobody watches', async () => {
  camera = await pageOf(ann);
  await camera.goto(`${proxy.origin}/camera`);
  await camera.getByLabel('Camera name').fill('Hall');
  await camera.getByLabel('Enable live streaming').check();
  await camera.getByRole('button', { name: 'Start surveillance' }).click();
  await camera.getByRole('status').filter({ hasText: 'Watching' }).waitFor();
  const viewer = openTestViewer(server.http, { cookie: ann.session.cookie });
  await vi.waitUntil(
    () => viewer.cameras().some(({ state, settings }) => state === 'watching' && settings.streaming),
    10_000,
  );
  expect(await bytesUntilBeat()).toBeLessThan(BEATS_BYTES_MAX);
  expect(await bytesUntilBeat()).toBeLessThan(BEATS_BYTES_MAX);
  viewer.connection.close();
});

it('a second browser watches live and sees the picture change', async () => {
  watch = await pageOf(ann);
  await watch.goto(`${server.http}/watch`);
  await vi.waitUntil(async () => (await status(watch).textContent()) === 'Live', 30_000);
  await seesItMove(watch);
  await vi.waitUntil(() => proxy.bytesUp(CAMERA_SOCKET) > 50_000, 10_000);
  await article(watch).getByRole('button', { name: 'Open Hall' }).click();
  await article(watch)
    .getByText(/\d+ ms behind/)
    .waitFor();
  const download = watch.waitForEvent('download');
  await article(watch).getByRole('button', { name: 'Save a still' }).click();
  expect((await download).suggestedFilename()).toMatch(/^Hall_\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2}\.jpg$/);
  await article(watch).getByRole('button', { name: 'Close' }).click();
  await article(watch).getByRole('button', { name: 'Open Hall' }).waitFor();
});

it('another account sees nothing of it, by page, API or WebSocket', async () => {
  const other = await pageOf(ben);
  const frames: (string | Buffer)[] = [];
  other.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(payload)));
  await other.goto(`${server.http}/watch`);
  await other.getByRole('heading', { name: 'No camera yet' }).waitFor();
  const list = await other.evaluate(async () => (await fetch('/api/cameras')).json());
  expect(list).toEqual({ cameras: [] });

  const mine = openTestViewer(server.http, { cookie: ann.session.cookie });
  await vi.waitUntil(() => mine.cameras().length === 1, 10_000);
  const guessed = mine.cameras()[0]?.id ?? '';
  const answer = await other.evaluate(async (cameraId) => {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/live/watch`);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const heard: unknown[] = [];
    const refused = new Promise((resolve) => {
      socket.onmessage = ({ data }) => {
        heard.push(typeof data === 'string' ? JSON.parse(data).type : 'bytes');
        if (String(data).includes('camera-unknown')) setTimeout(resolve, 1000);
      };
    });
    socket.send(JSON.stringify({ type: 'hello', version: 1 }));
    socket.send(JSON.stringify({ type: 'watch', cameraId }));
    await refused;
    socket.close();
    return heard;
  }, guessed);
  expect(answer).toEqual(['cameras', 'error']);
  expect(frames.every((payload) => typeof payload === 'string')).toBe(true);
  mine.connection.close();
  await other.context().close();
});

it('a signed-out browser is sent to sign in, and to what it asked for', async () => {
  const nobody = await pageOf(null);
  await nobody.goto(`${server.http}/watch`);
  expect(nobody.url()).toBe(`${server.http}/?next=%2Fwatch`);
  await nobody.context().close();
});

it('shows no masked pixel, from the moment the mask is set elsewhere', async () => {
  const brightness = () =>
    article(watch)
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width / 2 - 16, canvas.height) ?? {
          data: [],
        };
        let brightest = 0;
        for (let i = 0; i < data.length; i++) if (i % 4 !== 3) brightest = Math.max(brightest, data[i] ?? 0);
        return brightest;
      });
  expect(await brightness()).toBeGreaterThan(200);
  const left = [
    { x: 0, y: 0 },
    { x: 0.5, y: 0 },
    { x: 0.5, y: 1 },
    { x: 0, y: 1 },
  ];
  await setMasks([left]);
  // What the codec leaves of black.
  await vi.waitUntil(async () => (await brightness()) < 24, 10_000);
  await seesItMove(watch);
  expect(await brightness()).toBeLessThan(24);
  await setMasks([]);
  await vi.waitUntil(async () => (await brightness()) > 200, 10_000);
});

it('a server that is killed and started again is watched again within seconds, without a reload', async () => {
  await watch.evaluate(() => Object.assign(window, { neverReloaded: true }));
  await server.kill();
  proxy.breakAll();
  await watch.getByRole('alert').filter({ hasText: 'connection to the server is lost' }).waitFor();
  await vi.waitUntil(async () => /^Late by \d s$/.test((await status(watch).textContent()) ?? ''), 30_000);
  server = await startServer({ port, dataDir: folder });
  await vi.waitUntil(async () => (await status(watch).textContent()) === 'Live', 30_000);
  await seesItMove(watch);
  expect(await watch.evaluate(() => 'neverReloaded' in window)).toBe(true);
});

it('says that streaming is off, and leaves no picture behind', async () => {
  await camera.getByLabel('Enable live streaming').uncheck();
  await vi.waitUntil(async () => (await status(watch).textContent()) === 'Streaming off', 30_000);
  expect(await article(watch).locator('canvas').isVisible()).toBe(false);
  expect(await bytesUntilBeat()).toBeLessThan(BEATS_BYTES_MAX);
  await camera.getByLabel('Enable live streaming').check();
  await vi.waitUntil(async () => (await status(watch).textContent()) === 'Live', 30_000);
});

it('tells how late a picture is, then since when the camera is gone, and greys it', async () => {
  await camera.context().close();
  await vi.waitUntil(async () => /^Late by [1-9] s$/.test((await status(watch).textContent()) ?? ''), 30_000);
  await vi.waitUntil(async () => /^Offline since .*\d\d:\d\d$/.test((await status(watch).textContent()) ?? ''), 30_000);
  const filter = await article(watch)
    .locator('canvas')
    .evaluate((canvas) => getComputedStyle(canvas).filter);
  expect(filter).toContain('grayscale');
});

it('says so where the session ends while watching', async () => {
  await watch.evaluate(() =>
    fetch('/api/accounts/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
  );
  await watch.getByRole('alert').filter({ hasText: 'Your session has ended' }).waitFor();
  expect(await watch.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/?next=%2Fwatch');
});
