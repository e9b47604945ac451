/** Real footage enters as the webcam of a real browser; an event with photo and clip is on the server, once a visit. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Timeline, TimelineEvent } from '../../src/events/shared/schema.ts';
import { openBrowser } from '../kit/browser.ts';
import { type Footage, makeFootage, ONE_VISIT, readFrameNumber, WEBCAM_FPS } from '../kit/footage.ts';
import { type Person, signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

let server: RunningServer;
let browser: Browser;
let footage: Footage;
let person: Person;
let page: Page;

async function events(): Promise<TimelineEvent[]> {
  const answer = await fetch(`${server.http}/api/events`, { headers: person.session });
  expect(answer.status).toBe(200);
  const timeline = (await answer.json()) as Timeline;
  return timeline.events;
}

async function media(event: TimelineEvent, what: 'photo' | 'clip'): Promise<Buffer> {
  const answer = await fetch(`${server.http}/api/cameras/${event.cameraId}/events/${event.id}/${what}`, { headers: person.session });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

beforeAll(async () => {
  footage = await makeFootage(ONE_VISIT);
  server = await startServer();
  person = await signUp(server.http, 'anna@example.org');
  browser = await openBrowser({ webcam: footage.path });
  const context = await person.open(browser, { locale: 'en-GB', timezoneId: 'Europe/Paris' });
  page = await context.newPage();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe('somebody comes into a watched room', () => {
  it('is told by one event with the photo of the moment', async () => {
    await page.goto(`${server.http}/camera`);
    await page.getByLabel('Camera name').fill('Living room');
    await page.getByRole('button', { name: 'Start surveillance' }).click();
    await expect.poll(() => page.getByRole('status').textContent()).toContain('Watching');
    const [event] = await vi.waitFor(
      async () => {
        const found = await events();
        expect(found[0]?.hasPhoto).toBe(true);
        return found;
      },
      { timeout: 60_000, interval: 200 },
    );
    if (!event) throw new Error('no event');
    expect(event).toMatchObject({ kind: 'intrusion', cameraName: 'Living room', timeZone: 'Europe/Paris', reason: { code: 'object' } });
    expect(event.boxes.length).toBeGreaterThan(0);
    const { data, width, height } = jpeg.decode(await media(event, 'photo'), { useTArray: true });
    expect([width, height]).toEqual([640, 480]);
    const frame = readFrameNumber((x, y) => data[(y * width + x) * 4 + 1] ?? 0);
    const first = footage.visits[0]?.firstFrame ?? 0;
    expect(frame).toBeGreaterThanOrEqual(first);
    expect(frame - first).toBeLessThanOrEqual(WEBCAM_FPS);
  });

  it('has a clip from five seconds before on, as long as ffprobe says, when the visit is over', async () => {
    const event = await vi.waitFor(
      async () => {
        const [newest] = await events();
        expect(newest?.clipComplete).toBe(true);
        return newest;
      },
      { timeout: 60_000, interval: 500 },
    );
    if (!event?.endedAt) throw new Error('the event is not over');
    const folder = await mkdtemp(join(tmpdir(), 'vigie-clip-'));
    try {
      const path = join(folder, 'clip.mp4');
      await writeFile(path, await media(event, 'clip'));
      const probe = ['-v', 'error', '-show_entries', 'format=duration:stream=codec_name,width,height', '-of', 'json', path];
      const { format, streams } = JSON.parse(execFileSync('ffprobe', probe, { encoding: 'utf8' }));
      expect(streams).toEqual([{ codec_name: 'h264', width: 640, height: 480 }]);
      const active = (event.endedAt - event.startedAt) / 1000;
      expect(Number(format.duration)).toBeGreaterThanOrEqual(5 + active + 5 - 0.5);
      expect(Number(format.duration)).toBeLessThanOrEqual(9 + active + 5 + 0.5);
      execFileSync('ffmpeg', ['-v', 'error', '-xerror', '-i', path, '-fps_mode', 'passthrough', '-f', 'null', '-']);
      const luma = join(folder, 'first.gray');
      execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'gray', luma]);
      const pixels = await readFile(luma);
      const opening = readFrameNumber((x, y) => pixels[y * 640 + x] ?? 0);
      expect(opening).toBeLessThanOrEqual((footage.visits[0]?.firstFrame ?? 0) - 4 * WEBCAM_FPS);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is one event for one visit', async () => {
    expect(await events()).toHaveLength(1);
    await page.getByRole('button', { name: 'Stop surveillance' }).click();
    await expect.poll(() => page.getByRole('status').textContent()).toContain('Ready');
  });
});
