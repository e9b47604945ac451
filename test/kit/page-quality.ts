/** A page in a browser enters; what is wrong with it leaves as sentences: accessibility, requests, console, policy. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Everything that a page should not do, as it does it. */
export interface Watch {
  /** What was seen since the last call. */
  take(): string[];
}

/** Rules of WCAG 2.2 A and AA, and axe's own of good practice. */
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Notes console errors, page errors, failed and foreign requests, and violations of the Content-Security-Policy.
 *
 * @param origin the only one that may be asked.
 */
export async function watchPage(page: Page, origin: string): Promise<Watch> {
  let seen: string[] = [];
  page.on('console', (message) => {
    if ((message.type() === 'error' || message.type() === 'warning') && !isHandOver(page, message.text()))
      seen.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => seen.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const { origin: asked, protocol } = new URL(request.url());
    if (asked !== origin && !['blob:', 'data:'].includes(protocol)) seen.push(`foreign: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // Left when the next page was opened.
    if (reason !== 'net::ERR_ABORTED') seen.push(`failed: ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) seen.push(`status ${response.status()}: ${response.url()}`);
  });
  await page.exposeFunction('reportViolation', (text: string) => seen.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report: unknown = Reflect.get(window, 'reportViolation');
      if (typeof report === 'function')
        report(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  return {
    take() {
      const taken = seen;
      seen = [];
      return taken;
    },
  };
}

/**
 * The camera page's window makes a track processor and hands its stream to the worker, unread: a frame that Chromium has
 * put into it by then is dropped by the transfer itself, and no program ever held it. Pages that show frames are not excused.
 */
function isHandOver(page: Page, text: string): boolean {
  return new URL(page.url()).pathname === '/camera' && text.includes('A VideoFrame was garbage collected');
}

/** What axe-core finds, one sentence for each rule and element. Our pages have no frames: legacy mode, which opens no further page, finds the same. */
export async function axeFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(AXE_TAGS).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `axe ${id}: ${node.target.join(' ')} ${node.failureSummary}`),
  );
}

/** Whether the page is wider than its window: one sentence, or none. */
export async function overflowFindings(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`overflow: ${scrollWidth} px in a window of ${clientWidth}`] : [];
  });
}
