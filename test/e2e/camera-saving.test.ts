/** The wish to keep photos and films on the camera's machine enters; they lie in its folder or its downloads, under their names. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { arm, eventWhere, expectStatus, openCamera } from '../kit/camera-page.ts';
import { makeFootage, ONE_VISIT } from '../kit/footage.ts';
import { type Person, signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

let server: RunningServer;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-saving-'));
  const { path } = await makeFootage(ONE_VISIT);
  server = await startServer();
  browser = await openBrowser({ webcam: path });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const PHOTO = /^anna\+home@example\.org_Living-room_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.jpg$/;
const FILM = /^anna\+home@example\.org_Living-room_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.mp4$/;

/** In this test the folder that the person chooses is one of the browser's own: a real handle, without a dialogue. */
async function chooseOwnFolder(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    Reflect.set(window, 'showDirectoryPicker', async () =>
      (await navigator.storage.getDirectory()).getDirectoryHandle('chosen', { create: true }),
    );
  });
}

/** Names of what lies in the chosen folder. */
function namesIn(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const chosen = await (await navigator.storage.getDirectory()).getDirectoryHandle('chosen');
    const names: string[] = [];
    for await (const name of (chosen as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
    return names;
  });
}

async function fileIn(page: Page, name: string): Promise<Buffer> {
  const base64 = await page.evaluate(async (wanted) => {
    const chosen = await (await navigator.storage.getDirectory()).getDirectoryHandle('chosen');
    const reader = new FileReader();
    reader.readAsDataURL(await (await chosen.getFileHandle(wanted)).getFile());
    await new Promise((resolve) => {
      reader.onload = resolve;
    });
    return String(reader.result).split(',')[1] ?? '';
  }, name);
  return Buffer.from(base64, 'base64');
}

describe('saving on the camera’s machine', () => {
  let person: Person;
  let folderPage: Page;
  let downloadPage: Page;
  const downloads: string[] = [];

  // Both before the same film: a visit takes half a minute.
  it('begins with a first photo: into a folder, or the downloads where there is no choice of folders', async () => {
    person = await signUp(server.http, 'anna+home@example.org');
    const withFolder = await person.open(browser);
    await chooseOwnFolder(withFolder);
    folderPage = await openCamera(withFolder, server.http);
    await folderPage.getByLabel('Save photos and videos on this device').check();
    const without = await person.open(browser, { acceptDownloads: true });
    await without.addInitScript(() => Reflect.deleteProperty(window, 'showDirectoryPicker'));
    downloadPage = await openCamera(without, server.http);
    downloadPage.on('download', (download) => downloads.push(download.suggestedFilename()));
    await downloadPage.getByLabel('Save photos and videos on this device').check();
    await downloadPage.getByLabel('Leave my address out of the file names').check();
    await arm(folderPage);
    await arm(downloadPage, 'Hall');
    await folderPage.getByText(/First photo saved: anna\+home@example\.org_Living-room_/).waitFor();
    expect(await namesIn(folderPage)).toEqual([expect.stringMatching(PHOTO)]);
    await vi.waitFor(() => expect(downloads).toEqual([expect.stringMatching(/^Hall_[\d_-]+\.jpg$/)]));
  });

  it('goes on in the folder with photo and film of each event', async () => {
    const page = folderPage;
    await eventWhere(server.http, person, (event) => event.cameraName === 'Living room' && event.clipComplete);
    // What the server has may be ahead of the folder.
    await expect.poll(async () => (await namesIn(page)).filter((name) => FILM.test(name)).length).toBe(1);
    const names = await namesIn(page);
    expect(names.filter((name) => PHOTO.test(name)).length).toBeGreaterThanOrEqual(2);
    const film = names.find((name) => FILM.test(name)) ?? '';
    expect((await fileIn(page, film.replace('.mp4', '.jpg'))).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    const path = join(folder, 'saved.mp4');
    const probe = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path];
    const seconds = async () => {
      await writeFile(path, await fileIn(page, film));
      return Number(execFileSync('ffprobe', probe, { encoding: 'utf8', stdio: 'pipe' }));
    };
    await expect.poll(seconds).toBeGreaterThan(10);
  });

  it('goes on in the downloads, without the address if wanted', async () => {
    await vi.waitFor(
      () => expect(downloads.slice(0, 3).map((name) => name.slice(-4))).toEqual(['.jpg', '.jpg', '.mp4']),
      {
        timeout: 60_000,
      },
    );
    expect(downloads.filter((name) => name.includes('anna'))).toEqual([]);
    await expectStatus(downloadPage, 'Watching');
  });
});
