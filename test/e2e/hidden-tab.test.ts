/** A camera whose tab is hidden enters: somebody who opened another page. It watches all the same. */
import jpeg from 'jpeg-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventWhere, mediaOf } from '../kit/camera-page.ts';
import { type Footage, makeFootage, ONE_VISIT, readFrameNumber, WEBCAM_FPS } from '../kit/footage.ts';
import { type Person, signUp } from '../kit/person.ts';
import { openRawBrowser, type RawBrowser, type RawTab } from '../kit/raw-browser.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

let footage: Footage;
let server: RunningServer;
let browser: RawBrowser;
let person: Person;

beforeAll(async () => {
  footage = await makeFootage(ONE_VISIT);
  server = await startServer();
  person = await signUp(server.http, 'person@example.org');
  browser = await openRawBrowser(footage.path);
  await browser.setCookies(server.http, person.session.cookie);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Whether the camera's picture is there, and it can be started. */
const READY = `document.querySelector('video')?.readyState >= 2 && !document.querySelector('.camera-main').disabled`;
/** Names the camera and presses Start surveillance. */
const ARM = `{
  const byText = (selector, words) => [...document.querySelectorAll(selector)].find((each) => words.test(each.textContent));
  const name = byText('label', /Camera name|Nom de la caméra/).control;
  name.value = 'Living room';
  name.dispatchEvent(new Event('input', { bubbles: true }));
  name.dispatchEvent(new Event('change', { bubbles: true }));
  byText('button', /Start surveillance|Démarrer la surveillance/).click();
}`;
const statusOf = (tab: RawTab) => tab.evaluate<string>("document.querySelector('[role=status]')?.textContent ?? ''");
const visibilityOf = (tab: RawTab) => tab.evaluate<string>('document.visibilityState');

it('is told of somebody within a second, with the photo of the moment, though nobody sees the page', async () => {
  const camera = await browser.open(`${server.http}/camera`);
  await expect.poll(() => camera.evaluate(READY), { timeout: 30_000 }).toBe(true);
  await camera.evaluate(ARM);
  await expect.poll(() => statusOf(camera), { timeout: 20_000 }).toMatch(/Watching|Surveillance en cours/);
  await browser.open('about:blank');
  await expect.poll(() => visibilityOf(camera), { timeout: 20_000 }).toBe('hidden');

  const event = await eventWhere(server.http, person, ({ kind, hasPhoto }) => kind === 'intrusion' && hasPhoto);
  const { data, width } = jpeg.decode(await mediaOf(server.http, person, event, 'photo'), { useTArray: true });
  const frame = readFrameNumber((x, y) => data[(y * width + x) * 4 + 1] ?? 0);
  const first = footage.visits[0]?.firstFrame ?? 0;
  expect(frame - first).toBeGreaterThanOrEqual(0);
  expect(frame - first).toBeLessThanOrEqual(WEBCAM_FPS);
  expect(await visibilityOf(camera)).toBe('hidden');
  expect(await statusOf(camera)).toMatch(/Watching|Surveillance en cours/);
  const whole = await eventWhere(server.http, person, ({ id, clipComplete }) => id === event.id && clipComplete);
  expect((whole.endedAt ?? 0) - whole.startedAt).toBeGreaterThan(5_000);
  await camera.show();
  await expect.poll(() => visibilityOf(camera), { timeout: 20_000 }).toBe('visible');
});
