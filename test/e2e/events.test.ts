/** Events of a real camera enter a real server; what the events page shows, plays, deletes and follows is looked at in Chromium. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { fetchTransport, freshEventId, registerCamera, type TestCamera } from '../kit/camera.ts';
import { type Person, signUp } from '../kit/person.ts';
import { type Film, makeFilm } from '../kit/recording.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

let server: RunningServer;
let browser: Browser;
let person: Person;
let hall: TestCamera;
let film: Film;

beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser();
  film = makeFilm({ seconds: 4 });
  person = await signUp(server.http, 'ann@example.org');
  hall = await registerCamera(fetchTransport(server.http), person.session, 'Hall');
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Stores a whole event that began `ago` seconds ago. */
async function store(
  camera: TestCamera,
  ago: number,
  { parts = film.parts.length, over = true } = {},
): Promise<string> {
  const id = freshEventId();
  const startedAt = Date.now() - ago * 1000;
  const done = (answer: { status: number }) => expect(answer.status).toBeLessThan(300);
  done(await camera.putEvent(id, { startedAt, endedAt: over ? startedAt + 12_000 : null, timeZone: 'Europe/Paris' }));
  done(await camera.putPhoto(id, film.photo));
  for (const [n, part] of film.parts.slice(0, parts).entries())
    done(await camera.putPart(id, n, part, { last: n === film.parts.length - 1 }));
  return id;
}

async function openEvents(who: Person, hash = ''): Promise<Page> {
  const context = await who.open(browser, {
    locale: 'en-GB',
    timezoneId: 'Europe/Paris',
    viewport: { width: 1280, height: 900 },
  });
  const page = await context.newPage();
  await page.goto(`${server.http}/events${hash}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

const keyOf = (elementId: string) => elementId.replace(/^event-/, '').replace('_', '.');
const articles = (page: Page) => page.getByRole('article');

describe('the events page', () => {
  it('says that nothing has moved yet', async () => {
    const page = await openEvents(person);
    await page.getByText('Nothing has moved yet').waitFor();
    expect(await articles(page).count()).toBe(0);
    await page.context().close();
  });

  it('shows an event that comes while it is open: facts, photo, clip', async () => {
    const page = await openEvents(person);
    await page.getByText('Nothing has moved yet').waitFor();
    await store(hall, 1);
    const article = articles(page).first();
    await article.getByText('Hall').waitFor();
    const photo = article.getByRole('img');
    await page.waitForFunction(
      (image) => image instanceof HTMLImageElement && image.naturalWidth > 0,
      await photo.elementHandle(),
    );
    expect(await photo.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([
      320, 240,
    ]);
    await article.locator('video').waitFor();
    await article.getByText('Somebody is there').waitFor();
    await page.context().close();
  });

  it('lists the newest first, with the time of capture by the camera’s clock', async () => {
    await store(hall, 3600);
    await store(hall, 30);
    const page = await openEvents(person);
    await articles(page).nth(2).waitFor();
    const times = await articles(page)
      .locator('time')
      .evaluateAll((list) => list.map((one) => [one.getAttribute('datetime'), one.textContent]));
    const moments = times.map(([iso]) => Date.parse(iso ?? ''));
    expect(moments).toEqual([...moments].sort((a, b) => b - a));
    const inParis = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'Europe/Paris' });
    for (const [iso, text] of times) expect(text).toBe(inParis.format(Date.parse(iso ?? '')));
    const described = await articles(page).first().getAttribute('aria-describedby');
    const said = await page.locator(`[id="${described?.split(' ')[0]}"]`).textContent();
    expect(said).toMatch(/^\w+day,? \d+ \w+ \d{4} at /);
    await page.context().close();
  });

  it('plays a clip as long as ffprobe says it is', async () => {
    const page = await openEvents(person);
    const video = articles(page).first().locator('video');
    const seconds = await video.evaluate(async (player: HTMLVideoElement) => {
      player.muted = true;
      await player.play();
      if (player.currentTime < 0.5)
        await new Promise<void>((resolve) =>
          player.addEventListener('timeupdate', () => player.currentTime >= 0.5 && resolve()),
        );
      return player.duration;
    });
    expect(seconds).toBeCloseTo(film.seconds, 1);
    await page.context().close();
  });

  it('plays a whole clip from the moment on, and what was before when wound back', async () => {
    const long = makeFilm({ seconds: 12 });
    const id = freshEventId();
    const startedAt = Date.now();
    await hall.putEvent(id, { startedAt, endedAt: startedAt + 2000 });
    await hall.putPhoto(id, long.photo);
    for (const [n, part] of long.parts.entries())
      await hall.putPart(id, n, part, { last: n === long.parts.length - 1 });
    const page = await openEvents(person, `#${hall.cameraId}.${id}`);
    const reached = await page
      .locator(`[id="event-${hall.cameraId}_${id}"] video`)
      .evaluate(async (player: HTMLVideoElement) => {
        const sought = () => new Promise((resolve) => player.addEventListener('seeked', resolve, { once: true }));
        player.muted = true;
        await Promise.all([sought(), player.play()]);
        const from = player.currentTime;
        player.currentTime = 0.5;
        await sought();
        return [from, player.currentTime];
      });
    expect(reached[0]).toBeGreaterThanOrEqual(4);
    expect(reached[1]).toBeLessThan(4);
    await page.context().close();
  });

  it('says that a photo or clip did not get through, and shows it once it does', async () => {
    const page = await openEvents(person);
    const article = articles(page).first();
    await article.locator('video').waitFor();
    await page.route('**/clip', (route) => route.abort());
    await page.route('**/photo', (route) => route.abort());
    await page.reload();
    await article.getByText('The photo could not be loaded').waitFor();
    await article.locator('video').evaluate((player: HTMLVideoElement) => void player.play().catch(() => undefined));
    await article.getByText('The clip could not be played').waitFor();
    await page.unroute('**/clip');
    await page.unroute('**/photo');
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await article.getByRole('img').waitFor();
    await article.locator('video').evaluate((player: HTMLVideoElement) => {
      player.muted = true;
    });
    await article.getByRole('button', { name: 'Try again' }).click();
    await page.waitForFunction(
      (player) => player instanceof HTMLVideoElement && player.currentTime > 0,
      await article.locator('video').elementHandle(),
    );
    expect(await article.getByText('The clip could not be played').count()).toBe(0);
    await page.context().close();
  });

  it('asks again for a photo that fails at the moment of news', async () => {
    const page = await openEvents(person);
    const photo = articles(page).first().getByRole('img');
    await photo.waitFor();
    await page.route('**/photo', (route) => route.abort());
    await photo.evaluate((image) => {
      image.dispatchEvent(new Event('error'));
      window.dispatchEvent(new Event('online'));
    });
    await articles(page).first().getByText('The photo could not be loaded').waitFor();
    expect(await photo.count()).toBe(0);
    await page.context().close();
  });

  it('plays what has arrived of a clip that still arrives, and goes on with what comes', async () => {
    const id = freshEventId();
    const startedAt = Date.now();
    await hall.putEvent(id, { startedAt, endedAt: null });
    await hall.putPhoto(id, film.photo);
    for (const n of [0, 1]) await hall.putPart(id, n, film.parts[n] ?? new Uint8Array());
    const page = await openEvents(person);
    const article = articles(page).first();
    await article.getByText('The clip is still arriving').waitFor();
    const reached = (seconds: number) =>
      article.locator('video').evaluate(async (player: HTMLVideoElement, at) => {
        player.muted = true;
        void player.play();
        if (player.currentTime < at)
          await new Promise<void>((resolve) =>
            player.addEventListener('timeupdate', () => player.currentTime >= at && resolve()),
          );
        return player.currentTime;
      }, seconds);
    expect(await reached(1)).toBeGreaterThanOrEqual(1);
    for (const n of [2, 3]) await hall.putPart(id, n, film.parts[n] ?? new Uint8Array(), { last: n === 3 });
    expect(await reached(3)).toBeGreaterThanOrEqual(3);
    expect((await hall.putEvent(id, { startedAt, endedAt: Date.now() })).status).toBe(200);
    await page.context().close();
  });

  it('deletes with the Delete key, and takes it back with Undo', async () => {
    const page = await openEvents(person);
    await articles(page).nth(2).waitFor();
    const before = await articles(page).count();
    const first = (await articles(page).first().getAttribute('id')) ?? '';
    await articles(page).first().focus();
    await page.keyboard.press('Delete');
    await page.locator(`[id="${first}"]`).waitFor({ state: 'detached' });
    const [cameraId, eventId] = keyOf(first).split('.');
    const onServer = () =>
      fetch(`${server.http}/api/cameras/${cameraId}/events/${eventId}`, { headers: person.session });
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    expect((await onServer()).status).toBe(404);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator(`[id="${first}"]`).waitFor();
    expect(await articles(page).count()).toBe(before);
    expect((await onServer()).status).toBe(200);
    await page.waitForFunction((id) => document.activeElement?.id === id, first);
    await page.keyboard.press('Delete');
    await page.locator(`[id="${first}"]`).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.keyboard.press('Control+z');
    await page.waitForFunction((id) => document.activeElement?.id === id, first);
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    expect((await onServer()).status).toBe(200);
    await page.context().close();
  });

  it('goes from event to event with the arrows, and enlarges with Enter', async () => {
    const page = await openEvents(person);
    await articles(page).nth(2).waitFor();
    const ids = await articles(page).evaluateAll((list) => list.map((one) => one.id));
    await articles(page).first().focus();
    const focused = () => page.evaluate(() => document.activeElement?.id);
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(ids[1]);
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe(ids[0]);
    await page.keyboard.press('End');
    expect(await focused()).toBe(ids.at(-1));
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe(`#${keyOf(ids.at(-1) ?? '')}`);
    await page.locator('article.event-open').waitFor();
    await page.context().close();
  });

  it('opens the event that a link names, however old', async () => {
    const old = await store(hall, 40 * 3600);
    for (let n = 0; n < 32; n++)
      await hall.putEvent(freshEventId(), {
        startedAt: Date.now() - 30 * 3600_000 - n * 1000,
        endedAt: Date.now() - 30 * 3600_000,
      });
    const page = await openEvents(person, `#${hall.cameraId}.${old}`);
    const article = page.locator(`[id="event-${hall.cameraId}_${old}"].event-open`);
    await article.waitFor();
    expect(await article.evaluate((one) => document.activeElement === one)).toBe(true);
    await page.goto('about:blank');
    await page.goto(`${server.http}/events#${hall.cameraId}.${freshEventId()}`);
    await page.getByText('That event is no longer here').waitFor();
    await page.goto('about:blank');
    await page.route('**/api/cameras/*/events/*', (route) => route.abort());
    await page.goto(`${server.http}/events#${hall.cameraId}.${old}`);
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    expect(await page.getByText('That event is no longer here').count()).toBe(0);
    await page.unroute('**/api/cameras/*/events/*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await article.waitFor();
    await page.context().close();
  });

  it('goes on to earlier events without losing the focus, and back by days', async () => {
    const page = await openEvents(person);
    await articles(page).nth(29).waitFor();
    const count = await articles(page).count();
    await page.getByRole('button', { name: 'Day before' }).focus();
    const days = page.getByRole('heading', { level: 2 });
    const shown = await days.count();
    // One press more than there are days: the last leads to what was not here yet.
    for (let n = 0; n < shown; n++) await page.keyboard.press('Enter');
    await articles(page).nth(count).waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Day before');
    await page.context().close();

    const other = await openEvents(person);
    await other.getByRole('button', { name: 'Show earlier events' }).focus();
    await other.keyboard.press('Enter');
    await other.waitForFunction(() => document.activeElement?.tagName === 'ARTICLE');
    expect(await articles(other).evaluateAll((list) => list.indexOf(document.activeElement as HTMLElement))).toBe(
      count,
    );
    await other.context().close();
  });

  it('asks once for what a filter hides while the server is away, and again when told', async () => {
    const page = await openEvents(person);
    await articles(page).first().waitFor();
    let asked = 0;
    await page.route('**/api/events?before=*', (route) => {
      asked++;
      return route.abort();
    });
    await page.getByLabel('Kind').selectOption({ label: 'Interruptions' });
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.evaluate(() => fetch('/healthz').then((answer) => answer.text()));
    expect(asked).toBe(1);
    await page.unroute('**/api/events?before=*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('No event fits this choice').waitFor();
    await page.context().close();
  });

  it('shows one camera only when asked, and all again', async () => {
    const garage = await registerCamera(fetchTransport(server.http), person.session, 'Garage');
    await store(garage, 5);
    const page = await openEvents(person);
    await page.getByLabel('Camera').focus();
    await page.getByLabel('Camera').selectOption({ label: 'Garage' });
    await page.waitForFunction(() => document.querySelectorAll('article').length === 1);
    expect(await articles(page).textContent()).toContain('Garage');
    expect(await page.getByLabel('Camera').evaluate((select) => document.activeElement === select)).toBe(true);
    await page.getByLabel('Kind').selectOption({ label: 'Interruptions' });
    await page.getByRole('button', { name: 'Show everything' }).click();
    await articles(page).nth(5).waitFor();
    await page.context().close();
  });

  it('says when the server cannot be reached, and catches up', async () => {
    const page = await openEvents(person);
    await articles(page).first().waitFor();
    await page.route('**/api/session', (route) => route.abort());
    await page.reload();
    await articles(page).first().waitFor();
    expect(await page.getByRole('navigation').count()).toBe(1);
    await page.unroute('**/api/session');
    await page.context().setOffline(true);
    await page.getByText('No network').waitFor();
    const id = await store(hall, 0);
    await page.context().setOffline(false);
    await page.locator(`[id="event-${hall.cameraId}_${id}"]`).waitFor();
    expect(await page.getByText('The server cannot be reached').count()).toBe(0);
    await page.context().close();
  });

  it('shows nothing of this to another account', async () => {
    const other = await signUp(server.http, 'eve@example.org');
    const page = await openEvents(other);
    await page.getByText('No camera yet').waitFor();
    expect(await articles(page).count()).toBe(0);
    const photo = await page.evaluate(
      async (path) => (await fetch(path)).status,
      `/api/cameras/${hall.cameraId}/events/${await store(hall, 2)}/photo`,
    );
    expect(photo).toBe(404);
    await page.context().close();
  });

  it('shows its message in the mailbox, open as it is', async () => {
    const context = await person.open(browser, { locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`${server.http}/mailbox`);
    await articles(page).first().waitFor();
    const before = await articles(page).count();
    await store(hall, 0);
    await articles(page).nth(before).waitFor();
    expect(await page.locator('[aria-live="polite"]').last().textContent()).toContain('New message: Movement detected');
    await context.close();
  });

  it('says that the session has ended while it was open', async () => {
    const zoe = await signUp(server.http, 'zoe@example.org');
    const page = await openEvents(zoe);
    await page.getByText('No camera yet').waitFor();
    await fetch(`${server.http}/api/accounts/sign-out`, {
      method: 'POST',
      headers: { ...zoe.session, origin: server.http, 'content-type': 'application/json' },
      body: '{}',
    });
    await page.getByText('You are signed out').waitFor();
    expect(await page.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/?next=%2Fevents');
    await page.context().close();
  });

  it('sends whoever is not signed in to the sign-in page, and back', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.http}/events`);
    expect(new URL(page.url()).searchParams.get('next')).toBe('/events');
    await context.close();
  });
});
