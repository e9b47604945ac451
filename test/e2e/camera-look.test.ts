/** The camera's page in each of its states enters, in both languages and themes; nothing wrong with any of them may leave. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { expectStatus, openCamera } from '../kit/camera-page.ts';
import { type Document, htmlValidateFindings, w3cFindings } from '../kit/html-checkers.ts';
import { axeFindings, overflowFindings, watchPage } from '../kit/page-quality.ts';
import { type Person, signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

const WIDTHS = [360, 1280] as const;
const WORDS = {
  en: {
    name: 'Camera name',
    needed: 'Give the camera a name first',
    save: 'Save photos and videos on this device',
    live: 'Enable live streaming',
    delay: 'Delay before start (seconds)',
    start: 'Start surveillance',
    stop: 'Stop surveillance',
    cancel: 'Cancel',
    sees: 'What the detector sees',
    dim: 'Dim the screen',
    watching: 'Watching',
    starting: 'Starting in',
    ready: 'Ready',
    events: 'Events',
  },
  fr: {
    name: 'Nom de la caméra',
    needed: 'Donnez d’abord un nom à la caméra',
    save: 'Enregistrer les photos et les vidéos sur cet appareil',
    live: 'Activer le streaming',
    delay: 'Délai avant le lancement de la surveillance (en secondes)',
    start: 'Démarrer la surveillance',
    stop: 'Quitter la surveillance',
    cancel: 'Annuler',
    sees: 'Ce que voit le détecteur',
    dim: 'Assombrir l’écran',
    watching: 'Surveillance en cours',
    starting: 'Démarrage dans',
    ready: 'Prête',
    events: 'Événements',
  },
} as const;

let server: RunningServer;
let browser: Browser;
let person: Person;
const documents: Document[] = [];

beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser();
  person = await signUp(server.http, 'ann@example.org');
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** @param kept whether its HTML goes to the checkers, too: once for each language is enough */
async function look(page: Page, name: string, kept: boolean): Promise<string[]> {
  const found: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    found.push(
      ...[...(await axeFindings(page)), ...(await overflowFindings(page))].map(
        (text) => `${name} at ${width} px: ${text}`,
      ),
    );
  }
  if (kept) documents.push({ name, html: await page.content(), kind: 'rendered' });
  return found;
}

describe.each([
  ['en', 'dark'],
  ['fr', 'light'],
  ['en', 'light'],
  ['fr', 'dark'],
] as const)('in %s, %s', (locale, colorScheme) => {
  const words = WORDS[locale];
  const dark = colorScheme === 'dark';
  const options = { locale: locale === 'en' ? 'en-GB' : 'fr-FR', colorScheme } as const;

  it('ready with every box ticked, counting down, armed, dimmed: nothing is wrong', async () => {
    const context = await person.open(browser, options);
    await context.addInitScript(() => Reflect.deleteProperty(window, 'showDirectoryPicker'));
    const page = await openCamera(context, server.http);
    const watch = await watchPage(page, server.http);
    const found: string[] = [];
    await page.getByText(words.sees).click();
    await page.getByLabel(words.save).check();
    await page.getByLabel(words.live).check();
    await page.getByRole('button', { name: words.start }).click();
    await page.getByText(words.needed).waitFor();
    found.push(...(await look(page, `ready-${locale}`, dark)));
    await page.getByLabel(words.name).fill('Salon');
    await page.getByLabel(words.delay).fill('100');
    await page.getByRole('button', { name: words.start }).click();
    await expectStatus(page, words.starting);
    found.push(...(await look(page, `starting-${locale}`, dark)));
    await page.getByRole('button', { name: words.cancel }).click();
    await page.getByLabel(words.delay).fill('0');
    await page.getByRole('button', { name: words.start }).click();
    await expectStatus(page, words.watching);
    found.push(...(await look(page, `armed-${locale}`, dark)));
    await page.getByRole('button', { name: words.dim }).click();
    found.push(...(await look(page, `dimmed-${locale}`, dark)));
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: words.events }).click();
    await page.getByRole('dialog').waitFor();
    found.push(...(await look(page, `leaving-${locale}`, dark)));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: words.stop }).click();
    await expectStatus(page, words.ready);
    expect([...found, ...watch.take()]).toEqual([]);
    await context.close();
  });

  it('tried without an account, with the camera refused: nothing is wrong', async () => {
    const context = await browser.newContext(options);
    const page = await openCamera(context, server.http, '?try=1');
    const found = await look(page, `try-${locale}`, dark);
    await context.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    });
    await page.reload();
    await expectStatus(page, locale === 'en' ? 'Camera refused' : 'Caméra refusée');
    expect([...found, ...(await look(page, `refused-${locale}`, dark))]).toEqual([]);
    await context.close();
  });
});

describe('the HTML', () => {
  it('is what html-validate and the W3C’s checker accept, in every state', async () => {
    expect(documents.length).toBe(14);
    expect(await htmlValidateFindings(documents)).toEqual([]);
    expect(await w3cFindings(documents)).toEqual([]);
  });
});
