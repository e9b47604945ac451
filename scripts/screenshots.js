// Footage of a room enters the real product; docs/images/ and the home page's picture leave, as the pages look now.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openBrowser } from '../test/kit/browser.ts';
import { makeFootage, ONE_VISIT } from '../test/kit/footage.ts';
import { signUp } from '../test/kit/person.ts';
import { startServer } from '../test/kit/server.ts';

const root = path.dirname(import.meta.dirname);
const images = path.join(root, 'docs', 'images');
const home = path.join(root, 'src', 'pages', 'public', 'at-work.webp');
const temporary = mkdtempSync(path.join(os.tmpdir(), 'vigie-screenshots-'));
const wide = {
  viewport: { width: 1280, height: 720 },
  colorScheme: 'dark',
  locale: 'en-GB',
  timezoneId: 'Europe/Paris',
};
const phone = { ...wide, viewport: { width: 360, height: 800 }, deviceScaleFactor: 2 };

mkdirSync(images, { recursive: true });
const server = await startServer({ https: true });
const footage = await makeFootage(ONE_VISIT);
const browser = await openBrowser({ webcam: footage.path });
try {
  const ann = await signUp(server.http, 'ann@example.org');
  const camera = await armedCamera(ann);
  await movement(camera);
  await take(camera, home);
  copyFileSync(home, path.join(images, 'camera.webp'));
  await watching(ann);
  await camera.getByText('Movement detected').waitFor({ state: 'hidden', timeout: 60_000 });
  await events(ann);
  await still(ann, phone, '/trust', 'details', 'trust-phone.webp');
} finally {
  await browser.close();
  await server.stop();
  rmSync(temporary, { recursive: true });
}

async function armedCamera(person) {
  const page = await (await person.open(browser, wide)).newPage();
  await page.goto(`${server.http}/camera`);
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
  await page.getByLabel('Camera name').fill('Living room');
  await page.getByLabel('Enable live streaming').check();
  await page.getByRole('button', { name: 'Start surveillance' }).click();
  await page.getByText('Watching').first().waitFor();
  return page;
}

// A little later than the alarm: the person is in the room, and the box around them.
async function movement(page) {
  await page.getByText('Movement detected').waitFor({ timeout: 90_000 });
  await page.waitForTimeout(700);
}

async function watching(person) {
  const page = await (await person.open(browser, phone)).newPage();
  await page.goto(`${server.http}/watch`);
  await page.getByRole('status').filter({ hasText: /^Live/ }).waitFor();
  await page.waitForTimeout(1000);
  await take(page, path.join(images, 'watch-phone.webp'));
  await page.context().close();
}

async function events(person) {
  await still(person, wide, '/events', 'article video', 'events.webp');
  await still(person, phone, '/events', 'article video', 'events-phone.webp');
}

async function still(person, look, address, shows, file) {
  const page = await (await person.open(browser, look)).newPage();
  await page.goto(server.http + address);
  await page.locator(shows).first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(1500);
  await take(page, path.join(images, file));
  await page.context().close();
}

async function take(page, file) {
  const png = path.join(temporary, `${path.basename(file)}.png`);
  await page.screenshot({ path: png });
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', png, '-c:v', 'libwebp', '-quality', '82', file]);
  console.log(path.relative(root, file));
}
