/** A camera whose browser has no WebCodecs enters; its pictures still reach a viewer, one JPEG after the other. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { type EditingProxy, openEditingProxy } from '../kit/editing-proxy.ts';
import { signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';
import { makeWebcam } from '../kit/webcam.ts';

const MISSING = ['VideoEncoder', 'VideoDecoder', 'EncodedVideoChunk', 'MediaStreamTrackProcessor'];

let folder: string;
let server: RunningServer;
let browser: Browser;
let proxy: EditingProxy;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-jpeg-'));
  const film = join(folder, 'webcam.mjpeg');
  await makeWebcam(film, 'testsrc2=size=640x480:rate=30', 2);
  server = await startServer();
  proxy = await openEditingProxy(
    server.port,
    /^\/assets\/.*\.js$/,
    MISSING.map((name) => `delete globalThis.${name};`).join(''),
  );
  browser = await openBrowser({ webcam: film });
});
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('shows JPEG pictures where nothing encodes and nothing decodes', async () => {
  const ann = await signUp(server.http, 'ann@example.org');
  const without = await ann.open(browser, { locale: 'en-GB' });
  const camera = await without.newPage();
  await camera.goto(`${proxy.origin}/camera`);
  await camera.getByLabel('Camera name').fill('Old tablet');
  await camera.getByLabel('Enable live streaming').check();
  await camera.getByRole('button', { name: 'Start surveillance' }).click();
  await camera.getByRole('status').filter({ hasText: 'Watching' }).waitFor();

  const watch = await without.newPage();
  await watch.goto(`${proxy.origin}/watch`);
  const tile = watch.getByRole('article', { name: 'Old tablet' });
  await vi.waitUntil(async () => (await tile.getByRole('status').textContent()) === 'Live', 15_000);
  const sum = () =>
    tile.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      let total = 0;
      for (let i = 0; i < data.length; i += 41) total = (Math.imul(total, 31) + (data[i] ?? 0)) | 0;
      return total;
    });
  const seen = new Set<number>();
  await vi.waitUntil(async () => seen.add(await sum()).size > 3, 15_000);
  expect(proxy.edited.some((path) => path.includes('camera-worker'))).toBe(true);
  expect(await watch.evaluate(() => typeof VideoDecoder)).toBe('undefined');
});
