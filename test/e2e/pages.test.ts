/** Every page, in both languages, both themes and two widths, enters; nothing wrong with any of them may leave. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { fetchTransport, freshEventId, registerCamera } from '../kit/camera.ts';
import { type Document, htmlValidateFindings, w3cFindings } from '../kit/html-checkers.ts';
import { axeFindings, overflowFindings, type Watch, watchPage } from '../kit/page-quality.ts';
import { type Person, signUp } from '../kit/person.ts';
import { makeFilm } from '../kit/recording.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

interface Visit {
  /** Names it in findings. */
  readonly name: string;
  readonly path: string;
  readonly signedIn: boolean;
  /** Seen once the page has what it shows. */
  readonly shows: string;
}

const VISITS: readonly Visit[] = [
  { name: 'home', path: '/', signedIn: false, shows: 'form' },
  { name: 'camera', path: '/camera', signedIn: true, shows: 'main h1' },
  { name: 'watch', path: '/watch', signedIn: true, shows: 'main article' },
  { name: 'events', path: '/events', signedIn: true, shows: 'main article img' },
  { name: 'mailbox', path: '/mailbox', signedIn: true, shows: 'main h1' },
  { name: 'account', path: '/account', signedIn: true, shows: 'main h1' },
  { name: 'privacy', path: '/privacy', signedIn: false, shows: 'main h1' },
  { name: 'trust', path: '/trust', signedIn: false, shows: 'main details' },
];
/** As long as a name may be, and without a place to break it. */
const LONG_NAME = 'HallBehindTheVeryLongStaircaseWithoutAnySpaceInItsNameAtAlls';
const WIDTHS = [360, 1280] as const;
/** A page that has not shown its content by then never will. */
const PATIENCE_MILLIS = 15_000;

let server: RunningServer;
let browser: Browser;
let ann: Person;
/** A new account: what is empty is a page too. */
let newcomer: Person;
const documents: Document[] = [];

beforeAll(async () => {
  server = await startServer({ https: true });
  browser = await openBrowser();
  ann = await signUp(server.http, 'ann@example.org');
  newcomer = await signUp(server.http, 'ben@example.org');
  const film = makeFilm({ seconds: 2 });
  const hall = await registerCamera(fetchTransport(server.http), ann.session, LONG_NAME);
  for (const ago of [5000, 3_600_000]) {
    const id = freshEventId();
    const startedAt = Date.now() - ago;
    await hall.putEvent(id, { startedAt, endedAt: startedAt + 3000 });
    await hall.putPhoto(id, film.photo);
    for (const [n, part] of film.parts.entries())
      await hall.putPart(id, n, part, { last: n === film.parts.length - 1 });
  }
  await hall.putEvent(freshEventId(), {
    kind: 'gap',
    startedAt: Date.now() - 60_000,
    endedAt: Date.now() - 30_000,
    reason: { code: 'no-frames', values: {} },
  });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe.each(['en', 'fr'] as const)('in %s', (locale) => {
  const options = { locale: locale === 'en' ? 'en-GB' : 'fr-FR' } as const;

  it.each(VISITS)('$name has nothing wrong', async (visit) => {
    const context = visit.signedIn ? await ann.open(browser, options) : await browser.newContext(options);
    try {
      const page = await context.newPage();
      expect(await findingsOf(page, visit, locale)).toEqual([]);
      documents.push({ name: `${visit.name}-${locale}`, html: await page.content(), kind: 'rendered' });
    } finally {
      await context.close();
    }
  });

  it.each(VISITS.filter((visit) => visit.signedIn))('$name has nothing wrong for somebody new', async (visit) => {
    const context = await newcomer.open(browser, options);
    try {
      const page = await context.newPage();
      expect(await findingsOf(page, { ...visit, shows: 'main h1, main h2' }, locale)).toEqual([]);
      documents.push({ name: `${visit.name}-new-${locale}`, html: await page.content(), kind: 'rendered' });
    } finally {
      await context.close();
    }
  });
});

/** Opens the page once: themes and widths are changed under it, as a person's system and window do. */
async function findingsOf(page: Page, { path, shows }: Visit, locale: string): Promise<string[]> {
  page.setDefaultTimeout(PATIENCE_MILLIS);
  const watch: Watch = await watchPage(page, server.http);
  await page.goto(server.http + path);
  await page.locator(shows).first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  const found: string[] = [];
  const lang = await page.evaluate(() => document.documentElement.lang);
  if (lang !== locale) found.push(`the page says that it is in "${lang}"`);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    found.push(...(await overflowFindings(page)).map((text) => `at ${width} px: ${text}`));
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      found.push(...(await axeFindings(page)).map((text) => `${colorScheme}, ${width} px: ${text}`));
    }
  }
  return [...found, ...watch.take()];
}

describe('the HTML', () => {
  it('is what html-validate accepts, as served and as rendered', async () => {
    expect(await htmlValidateFindings([...(await servedPages()), ...documents])).toEqual([]);
  });

  it('is what the W3C’s checker accepts, as served and as rendered', async () => {
    expect(documents.length).toBeGreaterThanOrEqual(2 * VISITS.length);
    expect(await w3cFindings([...(await servedPages()), ...documents])).toEqual([]);
  });
});

function servedPages(): Promise<Document[]> {
  return Promise.all(
    VISITS.map(async ({ name, path }) => {
      const answer = await fetch(server.http + path, { headers: ann.session });
      return { name: `${name}-served`, html: await answer.text(), kind: 'served' as const };
    }),
  );
}
