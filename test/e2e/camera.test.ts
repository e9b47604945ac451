/** Real footage enters as the webcam of a real browser; an event with photo and clip is on the server, once a visit. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { arm, eventsOf, eventWhere, expectStatus, mediaOf, openCamera } from '../kit/camera-page.ts';
import { type Footage, makeFootage, ONE_VISIT, readFrameNumber, WEBCAM_FPS } from '../kit/footage.ts';
import { type Person, signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

let server: RunningServer;
let browser: Browser;
let footage: Footage;
let person: Person;
let page: Page;

beforeAll(async () => {
  footage = await makeFootage(ONE_VISIT);
  server = await startServer();
  person = await signUp(server.http, 'anna@example.org');
  browser = await openBrowser({ webcam: footage.path });
  const context = await person.open(browser, { locale: 'en-GB', timezoneId: 'Europe/Paris' });
  page = await openCamera(context, server.http);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** The number of the film's frame that the page shows, and when that was, ms. */
async function shownFrame(): Promise<{ number: number; millis: number }> {
  const { strip, millis } = await page.locator('video').evaluate((video: HTMLVideoElement) => {
    const pen = new OffscreenCanvas(640, 480).getContext('2d');
    pen?.drawImage(video, 0, 0);
    const { data } = pen?.getImageData(0, 472, 640, 8) ?? { data: [] };
    return { strip: Array.from(data), millis: performance.now() };
  });
  return { number: readFrameNumber((x, y) => strip[((y - 472) * 640 + x) * 4 + 1] ?? 0), millis };
}

describe('somebody comes into a watched room', () => {
  it('is told by one event with the photo of the moment', async () => {
    await arm(page);
    const before = await shownFrame();
    const event = await eventWhere(server.http, person, ({ hasPhoto }) => hasPhoto);
    // What all of this stands on: the film runs by the clock, and was in the empty room when the camera was armed.
    const after = await shownFrame();
    expect(before.number).toBeLessThan((footage.visits[0]?.firstFrame ?? 0) - 4 * WEBCAM_FPS);
    const rate = (after.number - before.number) / ((after.millis - before.millis) / 1000);
    expect(rate).toBeGreaterThan(0.7 * WEBCAM_FPS);
    expect(rate).toBeLessThan(1.05 * WEBCAM_FPS);
    expect(event).toMatchObject({
      kind: 'intrusion',
      cameraName: 'Living room',
      timeZone: 'Europe/Paris',
      reason: { code: 'object' },
    });
    expect(event.boxes.length).toBeGreaterThan(0);
    const { data, width, height } = jpeg.decode(await mediaOf(server.http, person, event, 'photo'), {
      useTArray: true,
    });
    expect([width, height]).toEqual([640, 480]);
    const frame = readFrameNumber((x, y) => data[(y * width + x) * 4 + 1] ?? 0);
    const first = footage.visits[0]?.firstFrame ?? 0;
    expect(frame).toBeGreaterThanOrEqual(first);
    expect(frame - first).toBeLessThanOrEqual(WEBCAM_FPS);
  });

  it('has a clip from five seconds before on, as long as ffprobe says, when the visit is over', async () => {
    const event = await eventWhere(server.http, person, ({ clipComplete }) => clipComplete);
    if (event.endedAt === null) throw new Error('the event is not over');
    const folder = await mkdtemp(join(tmpdir(), 'vigie-clip-'));
    try {
      const path = join(folder, 'clip.mp4');
      await writeFile(path, await mediaOf(server.http, person, event, 'clip'));
      const probe = [
        '-v',
        'error',
        '-show_entries',
        'format=duration:stream=codec_name,width,height',
        '-of',
        'json',
        path,
      ];
      const { format, streams } = JSON.parse(execFileSync('ffprobe', probe, { encoding: 'utf8' }));
      expect(streams).toEqual([{ codec_name: 'h264', width: 640, height: 480 }]);
      const active = (event.endedAt - event.startedAt) / 1000;
      expect(Number(format.duration)).toBeGreaterThanOrEqual(5 + active + 5 - 0.5);
      expect(Number(format.duration)).toBeLessThanOrEqual(9 + active + 5 + 0.5);
      execFileSync('ffmpeg', [
        '-v',
        'error',
        '-xerror',
        '-i',
        path,
        '-fps_mode',
        'passthrough',
        '-enc_time_base',
        '-1',
        '-f',
        'null',
        '-',
      ]);
      const luma = join(folder, 'first.gray');
      execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'gray', luma]);
      const pixels = await readFile(luma);
      const opening = readFrameNumber((x, y) => pixels[y * 640 + x] ?? 0);
      expect(opening).toBeLessThanOrEqual((footage.visits[0]?.firstFrame ?? 0) - 4 * WEBCAM_FPS);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is saved from the page, photo and clip, byte for byte', async () => {
    const event = await eventWhere(server.http, person, ({ clipComplete }) => clipComplete);
    const events = await page.context().newPage();
    await events.goto(`${server.http}/events`);
    const card = events.getByRole('article').filter({ has: events.getByRole('img') });
    for (const what of ['photo', 'clip'] as const) {
      const [download] = await Promise.all([
        events.waitForEvent('download'),
        card.getByRole('link', { name: `Download the ${what}` }).click(),
      ]);
      const saved = await readFile(await download.path());
      expect(saved.equals(await mediaOf(server.http, person, event, what))).toBe(true);
    }
    await events.close();
  });

  it('is one event for one visit', async () => {
    const events = await eventsOf(server.http, person);
    expect(events.filter(({ kind }) => kind === 'intrusion')).toHaveLength(1);
    await page.getByRole('button', { name: 'Stop surveillance' }).click();
    await expectStatus(page, 'Ready');
  });
});
