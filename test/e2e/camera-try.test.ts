/** Somebody without an account enters; the detector works on their webcam or their film, and nothing leaves the device. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { expectStatus, openCamera } from '../kit/camera-page.ts';
import { makeFootage, ONE_VISIT } from '../kit/footage.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

let server: RunningServer;
let browser: Browser;
let folder: string;
let film: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-try-'));
  const footage = await makeFootage(ONE_VISIT);
  film = join(folder, 'film.webm');
  const [first] = footage.visits;
  const start = ((first?.firstFrame ?? 0) - 120) / 30;
  const range = ['-framerate', '30', '-i', footage.path, '-ss', String(start), '-t', '9'];
  execFileSync('ffmpeg', [
    '-v',
    'error',
    ...range,
    '-c:v',
    'libvpx',
    '-deadline',
    'realtime',
    '-cpu-used',
    '8',
    '-b:v',
    '1M',
    film,
  ]);
  server = await startServer();
  browser = await openBrowser({ webcam: footage.path });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A page that tries, and all requests that it and its worker make. */
async function tryIt(): Promise<{ page: Page; requests: Request[]; sockets: string[] }> {
  const context = await browser.newContext({ locale: 'en-GB' });
  const requests: Request[] = [];
  const sockets: string[] = [];
  context.on('request', (request) => requests.push(request));
  context.on('page', (page) => page.on('websocket', (socket) => sockets.push(socket.url())));
  const page = await openCamera(context, server.http, '?try=1');
  return { page, requests, sockets };
}

/** Nothing but the page was asked for, its own files, and those that the browser keeps of all pages; nothing was given. */
function expectNothingLeft({ requests, sockets }: { requests: Request[]; sockets: string[] }): void {
  const asked = requests.filter((request) => !request.url().startsWith('blob:'));
  for (const request of asked) {
    expect(request.method()).toBe('GET');
    const { origin, pathname, search } = new URL(request.url());
    expect(origin).toBe(server.http);
    expect(pathname).toMatch(/^\/(camera|(assets\/)?[\w.-]+\.\w+)$/);
    expect(search).toBe(pathname === '/camera' ? '?try=1' : '');
  }
  expect(asked.some((request) => request.url().includes('camera-worker'))).toBe(true);
  expect(sockets).toEqual([]);
}

describe('trying without an account', () => {
  it('watches the webcam, shows the photo that would have been sent, and keeps it', async () => {
    const tried = await tryIt();
    const { page } = tried;
    await page.getByText('Nothing leaves this device').first().waitFor();
    await page.getByText('What the detector sees').click();
    await page.getByRole('button', { name: 'Start surveillance' }).click();
    await expectStatus(page, /Watching.*Here an alert with this photo would have been sent/, 60_000);
    await page.getByRole('img', { name: 'Movement detected' }).waitFor();
    await page.getByText(/^Last photo, \d\d:\d\d:\d\d$/).waitFor();
    await expectStatus(page, 'Watching');
    const lit = await page.getByRole('img', { name: 'Difference' }).evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return [canvas.width, data.some((byte, at) => at % 4 === 0 && byte === 255)];
    });
    expect(lit).toEqual([160, true]);
    await page.getByRole('button', { name: 'Stop surveillance' }).click();
    await expectStatus(page, 'Nothing leaves this device');
    expectNothingLeft(tried);
    expect(await page.evaluate(async () => [localStorage.length, (await indexedDB.databases()).length])).toEqual([
      0, 0,
    ]);
    await page.context().close();
  });

  it('has a threshold that arrow keys move step by step, and that stays where it was put', async () => {
    const { page } = await tryIt();
    await page.getByText('What the detector sees').click();
    const bar = page.getByLabel('Alert threshold (percent of the picture)');
    const value = async () => Number(await bar.inputValue());
    await bar.focus();
    const before = await value();
    for (let step = 1; step <= 5; step++) {
      await page.keyboard.press('ArrowRight');
      expect(await value()).toBe(before + step);
    }
    await page.getByRole('button', { name: 'Use the sensitivity’s own threshold' }).click();
    await expect.poll(value).toBe(before);
    await page.context().close();
  });

  it('watches a film from the disk', async () => {
    const tried = await tryIt();
    const { page } = tried;
    await page.getByLabel('Try with a video file').setInputFiles(film);
    await page.getByRole('button', { name: 'Start surveillance' }).click();
    await expectStatus(page, /Watching.*would have been sent/, 60_000);
    expectNothingLeft(tried);
    await page.context().close();
  });

  it('says that a file is no film, and goes on', async () => {
    const { page } = await tryIt();
    await page
      .getByLabel('Try with a video file')
      .setInputFiles({ name: 'x.mp4', mimeType: 'video/mp4', buffer: Buffer.from('no film') });
    await page.getByText('This file cannot be played').waitFor();
    await expectStatus(page, 'Ready');
    await page.context().close();
  });
});
