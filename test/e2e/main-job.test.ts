/** Somebody in front of a webcam enters; a mail with their photo arrives: the whole way, by the pages, on real footage. */
import jpeg from 'jpeg-js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { fetchTransport, freshEventId, registerCamera } from '../kit/camera.ts';
import { EMPTY_ROOM, type Footage, makeFootage, ONE_VISIT, readFrameNumber, WEBCAM_FPS } from '../kit/footage.ts';
import { type RunningServer, startServer } from '../kit/server.ts';
import { type MailServer, type ReceivedMail, startMailServer } from '../kit/smtp.ts';

const ADDRESS = 'anna+home@example.org';
const PASSWORD = 'a lantern on the hill';

let mail: MailServer;
let server: RunningServer;
let browser: Browser;
let footage: Footage;
let page: Page;
let mailsWhenStopped = Number.NaN;

const isAlarm = ({ parsed }: ReceivedMail) => parsed.subject?.startsWith('Mouvement détecté') ?? false;

beforeAll(async () => {
  mail = await startMailServer();
  server = await startServer({ env: { SMTP_URL: mail.url, MAIL_FROM: 'Vigie <vigie@example.org>' } });
  footage = await makeFootage(ONE_VISIT);
  browser = await openBrowser({ webcam: footage.path });
  page = await (await browser.newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris' })).newPage();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await mail?.close();
});

describe('a person with a webcam and an address', () => {
  it('creates an account, with the code that comes by mail, and lands where they wanted to go', async () => {
    await page.goto(`${server.http}/camera`);
    await page.waitForURL(/\/\?next=/);
    const form = page.getByRole('form', { name: 'Créer un compte' });
    await form.getByLabel('Adresse e-mail').fill(ADDRESS);
    await form.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD);
    await form.getByLabel('Confirmer le mot de passe').fill(PASSWORD);
    await form.getByRole('button', { name: 'Créer un compte' }).click();
    const [message] = await mail.received(1);
    const code = /\b\d{6}\b/.exec(message?.parsed.text ?? '')?.[0] ?? '';
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Valider' }).click();
    await page.waitForURL(`${server.http}/camera`);
    await expect.poll(() => page.getByLabel('Nom de la caméra').isVisible()).toBe(true);
  });

  it('starts after a delay that counts down and can be cancelled', async () => {
    await page.getByLabel('Nom de la caméra').fill('Salon');
    await page.getByLabel('Délai avant le lancement de la surveillance (en secondes)').fill('30');
    await page.getByRole('button', { name: 'Démarrer la surveillance' }).click();
    await expect.poll(() => page.getByRole('status').first().textContent()).toMatch(/Démarrage dans \d+\ss/);
    await page.getByRole('button', { name: 'Annuler' }).click();
    // The film begins with the page: the room must be empty when it is armed.
    await page.reload();
    await page.getByLabel('Nom de la caméra').fill('Salon');
    await page.getByLabel('Délai avant le lancement de la surveillance (en secondes)').fill('1');
    await page.getByRole('button', { name: 'Démarrer la surveillance' }).click();
    await expect
      .poll(() => page.getByRole('status').first().textContent(), { timeout: 10_000 })
      .toContain('Surveillance en cours');
  });

  it('goes on with its camera when their sessions are ended from elsewhere', async () => {
    await mail.received(1, isAlarm);
    const ask = (path: string, body: object, cookie = '') =>
      fetch(`${server.http}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: server.http, cookie },
        body: JSON.stringify(body),
      });
    const entered = await ask('/api/accounts/sign-in', { email: ADDRESS, password: PASSWORD });
    const pairs = entered.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
    expect((await ask('/api/account/sessions/end-others', {}, pairs.join('; '))).status).toBe(204);
    const signedIn = () => page.evaluate(async () => (await (await fetch('/api/session')).json()).account !== null);
    expect(await signedIn()).toBe(false);
    await mail.received(2, isAlarm);
    expect(await page.getByRole('status').first().textContent()).toContain('Surveillance en cours');
    await page.context().addCookies(
      pairs.map((pair) => {
        const at = pair.indexOf('=');
        return { name: pair.slice(0, at), value: pair.slice(at + 1), url: server.http };
      }),
    );
    expect(await signedIn()).toBe(true);
  });

  it('gets one mail a visit, in their language, with the photo of the moment inline and attached', async () => {
    const alarms = await mail.received(2, isAlarm);
    expect(alarms.map(({ to }) => to)).toEqual([[ADDRESS], [ADDRESS]]);
    expect(new Set(alarms.map(({ parsed }) => parsed.messageId)).size).toBe(2);
    const [first, second] = alarms;
    if (!first || !second) throw new Error('no alarms');
    const loopMillis = (footage.frames / WEBCAM_FPS) * 1000;
    expect(second.receivedAt - first.receivedAt).toBeGreaterThan(loopMillis / 2);
    expect(first.parsed.subject).toMatch(/^Mouvement détecté\s: Salon, \d{1,2}\sh\s\d{2}$/u);
    expect(first.parsed.text).toMatch(/\/events#/);
    expect(String(first.parsed.html)).toMatch(/<img[^>]+src="(cid|data):/);
    const photos = first.parsed.attachments.filter(({ contentType }) => contentType === 'image/jpeg');
    expect(photos.map(({ contentDisposition }) => contentDisposition)).toEqual(
      expect.arrayContaining(['attachment', 'inline']),
    );
    for (const photo of photos) {
      const { data, width, height } = jpeg.decode(photo.content, { useTArray: true });
      expect([width, height]).toEqual([640, 480]);
      const shown = readFrameNumber((x, y) => data[(y * width + x) * 4 + 1] ?? 0);
      const visit = footage.visits[0] ?? { firstFrame: 0, lastFrame: 0 };
      expect(shown).toBeGreaterThanOrEqual(visit.firstFrame);
      expect(shown).toBeLessThanOrEqual(visit.firstFrame + WEBCAM_FPS);
    }
  });

  it('finds both under Events, and plays the clip', async () => {
    const viewer = await page.context().newPage();
    await viewer.goto(`${server.http}/events`);
    // A busy machine may add a gap, which has no photo.
    const intrusions = viewer.getByRole('article').filter({ has: viewer.getByRole('img') });
    await expect.poll(() => intrusions.count()).toBe(2);
    const older = intrusions.nth(1);
    await older.scrollIntoViewIfNeeded();
    await older.click();
    const video = viewer.locator('video').first();
    const played = await video.evaluate(async (element: HTMLVideoElement) => {
      element.muted = true;
      await element.play();
      await new Promise((resolve) =>
        element.addEventListener('timeupdate', () => element.currentTime > 0.5 && resolve(null)),
      );
      return { width: element.videoWidth, error: element.error?.message ?? null };
    });
    expect(played).toEqual({ width: 640, error: null });
    await viewer.close();
  });

  it('stops', async () => {
    await page.getByRole('button', { name: 'Quitter la surveillance' }).click();
    await expect.poll(() => page.getByRole('status').first().textContent()).toContain('Prête');
    mailsWhenStopped = mail.mails.length;
  });
});

describe('a mail server that does not take the address', () => {
  it('is quoted under Events', async () => {
    mail.answer(ADDRESS, { code: 550, text: '5.1.1 No such mailbox' });
    const cookies = await page.context().cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const camera = await registerCamera(fetchTransport(server.http), { cookie }, 'Grenier');
    const id = freshEventId();
    expect((await camera.putEvent(id)).status).toBe(201);
    expect((await camera.putPhoto(id)).status).toBeLessThan(300);
    const viewer = await page.context().newPage();
    await viewer.goto(`${server.http}/events`);
    await viewer
      .getByRole('article')
      .filter({ hasText: 'Grenier' })
      .getByText(/E-mail à .* refusé\..* a répondu\s: .*No such mailbox/)
      .waitFor();
    await viewer.close();
    mail.answer(ADDRESS, null);
  });
});

describe('an empty room, and a camera that was stopped, with somebody before it', () => {
  it('send nothing for a minute', async () => {
    const empty = await makeFootage(EMPTY_ROOM);
    const quiet = await openBrowser({ webcam: empty.path });
    try {
      const context = await quiet.newContext({ storageState: await page.context().storageState(), locale: 'fr-FR' });
      const camera = await context.newPage();
      await camera.goto(`${server.http}/camera`);
      await camera.getByLabel('Nom de la caméra').fill('Couloir');
      await camera.getByRole('button', { name: 'Démarrer la surveillance' }).click();
      await expect
        .poll(() => camera.getByRole('status').first().textContent(), { timeout: 20_000 })
        .toContain('Surveillance en cours');
      await camera.evaluate(() => new Promise((resolve) => setTimeout(resolve, 60_000)));
      // It saw all the while: blind, it would say that it is.
      expect(await camera.getByRole('status').first().textContent()).toMatch(/Surveillance en cours.*Rien n’a bougé/);
      expect(mail.mails.length).toBe(mailsWhenStopped);
    } finally {
      await quiet.close();
    }
  });
});
