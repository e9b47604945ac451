/** Browsers that lack something, and phones that are turned, enter; the same events with photo and clip leave. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TimelineEvent } from '../../src/events/shared/schema.ts';
import { OWN_ANSWERS, openBrowser, without } from '../kit/browser.ts';
import { arm, eventsOf, eventWhere, mediaOf, openCamera } from '../kit/camera-page.ts';
import { makeFootage, ONE_VISIT } from '../kit/footage.ts';
import { type Person, signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

let server: RunningServer;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-browsers-'));
  const { path } = await makeFootage(ONE_VISIT);
  server = await startServer();
  browser = await openBrowser({ webcam: path, args: OWN_ANSWERS });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Probe {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** From the first picture to the last. */
  readonly seconds: number;
  /** Without a new picture, at most. */
  readonly pauseSeconds: number;
}

async function probe(person: Person, event: TimelineEvent): Promise<Probe> {
  const path = join(folder, `${event.id}.film`);
  await writeFile(path, await mediaOf(server.http, person, event, 'clip'));
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'stream=codec_name,width,height:frame=pts_time',
    '-of',
    'json',
    path,
  ];
  const { streams, frames } = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' }));
  const [{ codec_name, width, height }] = streams;
  const times = frames.map(({ pts_time }: { pts_time: string }) => Number(pts_time));
  const pauses = times.slice(1).map((time: number, n: number) => time - times[n]);
  const seconds = times.at(-1) - times[0];
  return { codec: codec_name, width, height, seconds, pauseSeconds: Math.max(...pauses) };
}

describe('a browser without a track processor (Firefox)', () => {
  it('draws its pictures by the worker’s clock, and encodes them in the worker', async () => {
    const person = await signUp(server.http, 'fox@example.org');
    const context = await person.open(browser);
    await without(context, ['MediaStreamTrackProcessor']);
    const page = await openCamera(context, server.http);
    await arm(page);
    const event = await eventWhere(server.http, person, ({ clipComplete, hasPhoto }) => clipComplete && hasPhoto);
    const { seconds, pauseSeconds, ...film } = await probe(person, event);
    expect(film).toEqual({ codec: 'h264', width: 640, height: 480 });
    expect(seconds).toBeGreaterThan(10);
    expect(pauseSeconds).toBeLessThan(2);
    await context.close();
  });
});

describe('a browser without WebCodecs', () => {
  it('records its film in the window, from the seconds before on', async () => {
    const person = await signUp(server.http, 'old@example.org');
    const context = await person.open(browser);
    await without(context, ['MediaStreamTrackProcessor', 'VideoEncoder', 'VideoFrame']);
    const page = await openCamera(context, server.http);
    await arm(page);
    const event = await eventWhere(server.http, person, ({ clipComplete, hasPhoto }) => clipComplete && hasPhoto);
    const { seconds, pauseSeconds, width, height } = await probe(person, event);
    expect([width, height]).toEqual([640, 480]);
    expect(seconds).toBeGreaterThan(10);
    expect(pauseSeconds).toBeLessThan(2);
    await context.close();
  });
});

describe('a phone that is turned while somebody is there', () => {
  it('goes on as the next event, each with a clip of its own size', async () => {
    const person = await signUp(server.http, 'phone@example.org');
    const context = await person.open(browser);
    // A camera made of a canvas: a square that runs about, and a picture that is turned when the test says so.
    await context.addInitScript(() => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
      const pen = canvas.getContext('2d');
      let at = 0;
      let running = false;
      const draw = () => {
        if (!pen) return;
        pen.fillStyle = '#9a9a90';
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.fillStyle = '#303040';
        if (running) pen.fillRect(20 + ((at++ * 5) % (canvas.width - 140)), 120, 110, 240);
        else pen.fillRect(0, 0, 1, 1 + (at++ % 2));
      };
      setInterval(draw, 40);
      Reflect.set(window, 'run', () => {
        running = true;
      });
      Reflect.set(window, 'turn', () => Object.assign(canvas, { width: 480, height: 640 }));
      navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(25);
    });
    const page = await openCamera(context, server.http);
    await arm(page);
    await page.waitForFunction(
      () =>
        (Reflect.get(window, 'since') ?? Reflect.set(window, 'since', performance.now())) &&
        performance.now() - Reflect.get(window, 'since') > 3000,
    );
    await page.evaluate(() => Reflect.get(window, 'run')());
    const upright = await eventWhere(server.http, person, ({ hasPhoto }) => hasPhoto);
    await page.evaluate(() => Reflect.get(window, 'turn')());
    // A busy machine may add a gap, where the picture stood.
    const intrusions = async () => (await eventsOf(server.http, person)).filter(({ kind }) => kind === 'intrusion');
    await vi.waitFor(async () => expect(await intrusions()).toHaveLength(2));
    await page.getByRole('button', { name: 'Stop surveillance' }).click();
    const turned = await eventWhere(
      server.http,
      person,
      ({ kind, id, clipComplete }) => kind === 'intrusion' && id !== upright.id && clipComplete,
    );
    const first = await eventWhere(server.http, person, ({ id, clipComplete }) => id === upright.id && clipComplete);
    expect(await probe(person, first)).toMatchObject({ width: 640, height: 480 });
    expect(await probe(person, turned)).toMatchObject({ width: 480, height: 640 });
    expect(turned.deliveries).toEqual([]);
    await context.close();
  });
});
