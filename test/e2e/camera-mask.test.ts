/** A camera with a mask enters; neither photo, clip nor live picture that leaves it shows a pixel under the mask. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { decodeChunk } from '../../src/live/shared/chunk.ts';
import { PROTOCOL_VERSION, ToViewerMessage } from '../../src/live/shared/protocol.ts';
import { OWN_ANSWERS, openBrowser, without } from '../kit/browser.ts';
import { arm, eventWhere, expectStatus, mediaOf, openCamera } from '../kit/camera-page.ts';
import { makeFootage, ONE_VISIT } from '../kit/footage.ts';
import { type Person, signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

const [WIDTH, HEIGHT] = [640, 480];
/** The left third, white wall and brown floor: nothing of it is black by itself. A triangle beside it has slanted edges. */
const LEFT = 0.35;
const MASKS = [
  [
    { x: 0, y: 0 },
    { x: LEFT, y: 0 },
    { x: LEFT, y: 1 },
    { x: 0, y: 1 },
  ],
  [
    { x: LEFT, y: 0 },
    { x: 0.45, y: 0 },
    { x: LEFT, y: 0.4 },
  ],
];
/** Encoders ring at the edge of a mask; that much of its inside may differ from black. */
const BLACK_MAX = 40;
const EDGE_PIXELS = 8;

let server: RunningServer;
let browser: Browser;
let context: BrowserContext;
let person: Person;
let people = 0;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-mask-'));
  const { path } = await makeFootage(ONE_VISIT);
  server = await startServer();
  browser = await openBrowser({ webcam: path, args: OWN_ANSWERS });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function api<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = { ...person.session, origin: server.http, 'content-type': 'application/json' };
  const answer = await fetch(`${server.http}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer;
}

/** Luma of every frame of a file, full range. */
function framesOf(path: string, format: readonly string[] = []): Buffer[] {
  const args = [
    '-v',
    'error',
    ...format,
    '-i',
    path,
    '-fps_mode',
    'passthrough',
    '-enc_time_base',
    '-1',
    '-vf',
    'scale=out_range=full',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'gray',
    '-',
  ];
  const luma = execFileSync('ffmpeg', args, { maxBuffer: 1 << 30 });
  return Array.from({ length: luma.length / (WIDTH * HEIGHT) }, (_, i) =>
    luma.subarray(i * WIDTH * HEIGHT, (i + 1) * WIDTH * HEIGHT),
  );
}

function expectMasked(frames: readonly Buffer[]): void {
  expect(frames.length).toBeGreaterThan(0);
  for (const frame of frames) {
    let brightest = 0;
    let seen = 0;
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const luma = frame[y * WIDTH + x] ?? 0;
        const slant = y < 0.4 * HEIGHT ? (0.4 * HEIGHT - y) * ((0.1 * WIDTH) / (0.4 * HEIGHT)) : 0;
        if (x < LEFT * WIDTH + slant - EDGE_PIXELS) brightest = Math.max(brightest, luma);
        else if (luma > 120) seen++;
      }
    }
    expect(brightest).toBeLessThanOrEqual(BLACK_MAX);
    // The rest is there: a black frame proves nothing.
    expect(seen).toBeGreaterThan(50_000);
  }
}

/** What a viewer receives within the first so many chunks, as one stream of H.264 or JPEG. */
function watchLive(cameraId: string, chunks: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${server.http.replace('http', 'ws')}/api/live/watch`, {
      headers: { ...person.session, origin: server.http },
    });
    const received: Buffer[] = [];
    socket.on('error', reject);
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'hello', version: PROTOCOL_VERSION }));
      socket.send(JSON.stringify({ type: 'watch', cameraId }));
    });
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) {
        const message = ToViewerMessage.parse(JSON.parse(data.toString()));
        if (message.type === 'error') reject(new Error(message.code));
        return;
      }
      const chunk = decodeChunk(new Uint8Array(data));
      if (chunk) received.push(Buffer.from(chunk.data));
      if (received.length < chunks) return;
      socket.close();
      resolve(Buffer.concat(received));
    });
  });
}

describe.each([
  { browserIs: 'with WebCodecs', lost: [], format: 'h264', chunks: 45 },
  {
    browserIs: 'without WebCodecs',
    lost: ['MediaStreamTrackProcessor', 'VideoEncoder', 'VideoFrame'],
    format: 'mjpeg',
    chunks: 4,
  },
])('a mask set on the account page, a browser $browserIs', ({ lost, format, chunks }) => {
  it('is burnt into live picture, photo and clip', async () => {
    person = await signUp(server.http, `anna.${++people}@example.org`);
    context = await person.open(browser);
    await without(context, lost);
    const page = await openCamera(context, server.http);
    await arm(page);
    await page.getByRole('button', { name: 'Stop surveillance' }).click();
    const { cameras } = await api<{ cameras: { id: string }[] }>('GET', '/api/cameras');
    const cameraId = cameras[0]?.id ?? '';
    await api('PATCH', `/api/cameras/${cameraId}`, { settings: { masks: MASKS } });
    await expect.poll(() => page.locator('.camera-mask').count(), { timeout: 20_000 }).toBe(2);
    await page.getByLabel('Enable live streaming').check();

    const live = join(folder, `live.${format}`);
    await writeFile(live, await watchLive(cameraId, chunks));
    expectMasked(framesOf(live, ['-f', format]));

    const armedAt = Date.now();
    await page.getByRole('button', { name: 'Start surveillance' }).click();
    await expectStatus(page, 'Watching');
    const event = await eventWhere(
      server.http,
      person,
      ({ kind, clipComplete, hasPhoto, startedAt }) =>
        kind === 'intrusion' && clipComplete && hasPhoto && startedAt > armedAt,
      120_000,
    );
    const photo = join(folder, 'photo.jpg');
    await writeFile(photo, await mediaOf(server.http, person, event, 'photo'));
    expectMasked(framesOf(photo));
    const clip = join(folder, 'clip.mp4');
    await writeFile(clip, await mediaOf(server.http, person, event, 'clip'));
    expectMasked(framesOf(clip));
    await context.close();
  });
});
