/** A webcam's footage enters; a Chromium leaves that plays it to every page as its camera. */
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { findBrowser } from '../../scripts/setup/tools.js';

/** Far above what it takes: only a browser that hangs may fail by time. */
const LAUNCH_MILLIS = 120_000;

export interface BrowserOptions {
  /**
   * MJPEG file (`-pix_fmt yuvj420p -r 30`) that stands for the webcam, played in a loop at 30 frames/s.
   * Left out: Chromium's own green test picture.
   */
  readonly webcam?: string;
  /** Home folder, where Chromium looks for certificates that the person trusts (`.pki/nssdb`). */
  readonly home?: string;
  /** Further switches of Chromium. */
  readonly args?: readonly string[];
}

/** Where the browser is that the tests drive. @throws Error that says what to install, where there is none */
export function chromiumPath(): string {
  const found = findBrowser();
  if (found === undefined) throw new Error('no Chromium: install the package "chromium", or name it in CHROMIUM');
  return found;
}

/**
 * Launches Chromium with a webcam made of a file; permission to use it is given without asking.
 * The caller closes it. One launch for each webcam file: the switch holds for the whole browser.
 */
export function openBrowser(options: BrowserOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    timeout: LAUNCH_MILLIS,
    ...(options.home === undefined ? {} : { env: { ...process.env, HOME: options.home } }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(options.webcam === undefined ? [] : [`--use-file-for-fake-video-capture=${options.webcam}`]),
      ...(options.args ?? []),
    ],
  });
}

/**
 * Switches for a browser in which {@link without} is used: Chromium takes an answer that a test makes for one
 * from the internet, and keeps such a program from the sockets of this machine.
 */
export const OWN_ANSWERS: readonly string[] = [
  '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
];

/** Takes interfaces away from a context's windows and from the camera's worker, before any program of theirs runs. */
export async function without(context: BrowserContext, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await context.addInitScript((lost) => {
    for (const name of lost) Reflect.deleteProperty(window, name);
    // What a service worker keeps would come past the answer below.
    Reflect.deleteProperty(Navigator.prototype, 'serviceWorker');
  }, names);
  await context.route('**/assets/camera-worker-*.js', async (route) => {
    const answer = await route.fetch();
    const lost = names.map((name) => `delete self.${name};`).join('');
    await route.fulfill({ response: answer, body: lost + (await answer.text()) });
  });
}
