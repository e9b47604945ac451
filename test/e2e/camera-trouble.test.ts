/** What goes wrong around a camera enters; its page says so in a sentence with the next step, and nothing is lost. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { arm, eventsOf, eventWhere, expectStatus, openCamera } from '../kit/camera-page.ts';
import { EMPTY_ROOM, type Footage, makeFootage, ONE_VISIT } from '../kit/footage.ts';
import { type Person, signUp } from '../kit/person.ts';
import { type RunningServer, startServer } from '../kit/server.ts';

let server: RunningServer;
let empty: Browser;
let visited: Browser;
let context: BrowserContext | null = null;
let people = 0;

beforeAll(async () => {
  const films: Footage[] = [await makeFootage(EMPTY_ROOM), await makeFootage(ONE_VISIT)];
  server = await startServer();
  empty = await openBrowser({ webcam: films[0]?.path ?? '' });
  visited = await openBrowser({ webcam: films[1]?.path ?? '' });
});
afterEach(async () => {
  await context?.close();
  context = null;
});
afterAll(async () => {
  await empty?.close();
  await visited?.close();
  await server?.stop();
});

/** Somebody new, signed in, in a browser of their own. */
async function somebody(browser: Browser, locale = 'en-GB'): Promise<{ person: Person; opened: BrowserContext }> {
  const person = await signUp(server.http, `person.${++people}@example.org`);
  context = await person.open(browser, { locale, timezoneId: 'Europe/Paris' });
  return { person, opened: context };
}

/**
 * Makes the browser refuse its camera from one request on until {@link allowCamera}, by the error that it really throws
 * in that case.
 */
async function refuseCamera(opened: BrowserContext, errorName: string, from: number): Promise<void> {
  await opened.addInitScript(
    ([name, first]) => {
      let refusing = true;
      Reflect.set(window, 'allowCamera', () => {
        refusing = false;
      });
      const media = navigator.mediaDevices;
      const real = media.getUserMedia.bind(media);
      const tracks: MediaStreamTrack[] = [];
      Reflect.set(window, 'cameraTracks', tracks);
      let calls = 0;
      media.getUserMedia = async (constraints) => {
        const call = calls++;
        if (call >= first && refusing) throw new DOMException('', name);
        const stream = await real(constraints);
        tracks.push(...stream.getTracks());
        return stream;
      };
    },
    [errorName, from] as const,
  );
}

/** Of the camera that {@link refuseCamera} gave first. */
async function pullPlug(page: Page): Promise<void> {
  await page.evaluate(() => {
    const [track] = Reflect.get(window, 'cameraTracks') as MediaStreamTrack[];
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
  });
}

const allowCamera = (page: Page) => page.evaluate(() => (Reflect.get(window, 'allowCamera') as () => void)());

describe('no camera', () => {
  it.each([
    ['NotAllowedError', 'Camera refused: allow it in the address bar'],
    ['NotFoundError', 'No camera found: plug one in'],
    ['NotReadableError', 'Another program uses the camera'],
  ])('%s has its sentence, and Try again opens it', async (name, sentence) => {
    const { opened } = await somebody(empty);
    await refuseCamera(opened, name, 0);
    const page = await opened.newPage();
    await page.goto(`${server.http}/camera`);
    await expectStatus(page, sentence);
    await allowCamera(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expectStatus(page, 'Ready');
  });

  it('is said in French as well', async () => {
    const { opened } = await somebody(empty, 'fr-FR');
    await refuseCamera(opened, 'NotAllowedError', 0);
    const page = await opened.newPage();
    await page.goto(`${server.http}/camera`);
    await expectStatus(page, 'Caméra refusée\u00a0: autorisez-la dans la barre d’adresse');
  });

  it('a browser that cannot is told so before anything is asked', async () => {
    const { opened } = await somebody(empty);
    await opened.addInitScript(() => Reflect.deleteProperty(window, 'OffscreenCanvas'));
    const page = await opened.newPage();
    await page.goto(`${server.http}/camera?try=1`);
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('This browser cannot be a camera');
  });
});

describe('a browser that keeps nothing', () => {
  it.each([
    ['SecurityError', 'This browser keeps nothing for this page'],
    ['QuotaExceededError', 'disk takes nothing more'],
  ])('%s has its sentence, and Try again opens the camera', async (name, sentence) => {
    const { opened } = await somebody(empty);
    await opened.addInitScript((errorName) => {
      const real = indexedDB.open.bind(indexedDB);
      Reflect.set(window, 'allowSiteData', () => Object.assign(indexedDB, { open: real }));
      indexedDB.open = () => {
        throw new DOMException('', errorName);
      };
    }, name);
    const page = await opened.newPage();
    await page.goto(`${server.http}/camera`);
    await page.getByRole('alert').getByText(sentence).waitFor();
    await page.evaluate(() => (Reflect.get(window, 'allowSiteData') as () => void)());
    await page.getByRole('button', { name: 'Try again' }).click();
    await expectStatus(page, 'Ready');
  });
});

describe('a camera that is armed', () => {
  it.each([
    ['its plug was pulled', 'NotFoundError', 'The camera was unplugged'],
    ['its permission was taken back', 'NotAllowedError', 'The permission for the camera was taken back'],
  ])('comes back after %s, and the gap is an event', async (_, errorName, sentence) => {
    const { person, opened } = await somebody(empty);
    await refuseCamera(opened, errorName, 1);
    const page = await openCamera(opened, server.http);
    await arm(page);
    await pullPlug(page);
    await expectStatus(page, new RegExp(`Watching.*Cannot see.*${sentence}`));
    await allowCamera(page);
    await expectStatus(page, /Watching.*Nothing has moved/);
    const gap = await eventWhere(server.http, person, ({ kind, endedAt }) => kind === 'gap' && endedAt !== null);
    expect(gap.reason.code).toBe('track-ended');
    expect(gap.deliveries).toEqual([]);
  });

  it('whose plug an intruder pulls: the event is over, and its film complete', async () => {
    const { person, opened } = await somebody(visited);
    await refuseCamera(opened, 'NotFoundError', 1);
    const page = await openCamera(opened, server.http);
    await arm(page);
    await expectStatus(page, 'Movement detected', 60_000);
    const { id } = await eventWhere(
      server.http,
      person,
      ({ kind, clipParts }) => kind === 'intrusion' && clipParts > 0,
    );
    await pullPlug(page);
    await expectStatus(page, /Watching.*Cannot see.*The camera was unplugged/);
    await eventWhere(server.http, person, (event) => event.id === id && event.endedAt !== null && event.clipComplete);
  });

  it('says that the system holds the picture back', async () => {
    const { person, opened } = await somebody(empty);
    await refuseCamera(opened, 'never', 99);
    const page = await openCamera(opened, server.http);
    await arm(page);
    const say = (name: string) =>
      page.evaluate((event) => {
        const [track] = Reflect.get(window, 'cameraTracks') as MediaStreamTrack[];
        track?.dispatchEvent(new Event(event));
      }, name);
    await say('mute');
    await expectStatus(page, /Watching.*Cannot see.*a call, another program/);
    await say('unmute');
    await expectStatus(page, /Watching.*Nothing has moved/);
    const gap = await eventWhere(server.http, person, ({ kind, endedAt }) => kind === 'gap' && endedAt !== null);
    expect(gap.reason.code).toBe('track-muted');
  });

  it('says that the screen may go dark where the wake lock is refused or lost, and takes it again', async () => {
    const { opened } = await somebody(empty);
    await opened.addInitScript(() => {
      const real = navigator.wakeLock.request.bind(navigator.wakeLock);
      let refuse = true;
      Reflect.set(window, 'allowWakeLock', () => {
        refuse = false;
      });
      navigator.wakeLock.request = async (type) => {
        if (refuse) throw new DOMException('', 'NotAllowedError');
        return real(type);
      };
    });
    const page = await openCamera(opened, server.http);
    await arm(page);
    await expectStatus(page, /Watching.*Cannot see.*may fall asleep/);
    await page.evaluate(() => {
      (Reflect.get(window, 'allowWakeLock') as () => void)();
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await expectStatus(page, /Watching.*Nothing has moved/);
  });

  it('resumes by itself after a reload, and says what it missed', async () => {
    const { person, opened } = await somebody(empty);
    const page = await openCamera(opened, server.http);
    await page.getByText('Lens and resolution').click();
    const lens = page.locator('#camera-lens');
    const resolution = page.locator('#camera-resolution');
    await resolution.selectOption('480');
    await lens.selectOption({ index: 1 });
    const chosen = await lens.inputValue();
    await expectStatus(page, 'Ready');
    await arm(page);
    await page.reload();
    await expectStatus(page, 'Watching');
    await expect.poll(() => lens.inputValue()).toBe(chosen);
    expect([chosen === '', await resolution.inputValue()]).toEqual([false, '480']);
    await page.getByText(/It saw nothing from .* to .*, and watches again/).waitFor();
    const gap = await eventWhere(server.http, person, ({ kind }) => kind === 'gap');
    expect(gap.reason.code).toBe('page-gone');
    expect(gap.endedAt).not.toBeNull();
    await page.getByRole('button', { name: 'Stop surveillance' }).click();
    await page.reload();
    await expectStatus(page, 'Ready');
  });

  it('resumes before the browser gives the camera: it says that it sees nothing, and the gap is told', async () => {
    const { person, opened } = await somebody(empty);
    const page = await openCamera(opened, server.http);
    await arm(page);
    await page.addInitScript(() => {
      const media = navigator.mediaDevices;
      const real = media.getUserMedia.bind(media);
      media.getUserMedia = async (constraints) => {
        await new Promise((give) => Reflect.set(window, 'giveCamera', give));
        return real(constraints);
      };
    });
    await page.reload();
    await expectStatus(page, /Watching.*Cannot see.*If the browser asks, allow it/);
    await page.getByText(/has seen nothing since/).waitFor();
    await eventWhere(server.http, person, ({ reason }) => reason.code === 'page-gone');
    await page.evaluate(() => (Reflect.get(window, 'giveCamera') as () => void)());
    await expectStatus(page, /Watching.*Nothing has moved/);
    await page.getByText(/It saw nothing from .* to .*, and watches again/).waitFor();
  });

  it('resumes although the camera is refused at first, and the disk is full', async () => {
    const { opened } = await somebody(empty);
    const page = await openCamera(opened, server.http);
    await arm(page);
    await refuseCamera(opened, 'NotReadableError', 0);
    await opened.addInitScript(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('', 'QuotaExceededError');
      };
    });
    await page.reload();
    await expectStatus(page, /Watching.*Another program uses the camera/);
    await allowCamera(page);
    await expectStatus(page, /Watching.*Nothing has moved/);
  });

  it('is asked before a link ends it, and stays off once it was stopped that way', async () => {
    const { opened } = await somebody(empty);
    const page = await openCamera(opened, server.http);
    await arm(page);
    const watch = page.getByRole('navigation').getByRole('link', { name: 'Watch' });
    await watch.click();
    await page.getByRole('dialog', { name: 'Leave this page?' }).waitFor();
    await page.getByRole('button', { name: 'Keep watching' }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'Camera' }).click();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await expectStatus(page, 'Watching');
    expect(await page.getByText(/It saw nothing from/).count()).toBe(0);
    await watch.click();
    await page.getByRole('button', { name: 'Stop and leave' }).click();
    await page.waitForURL(`${server.http}/watch`);
    await page.goto(`${server.http}/camera`);
    await expectStatus(page, 'Ready');
  });

  it('says so when the part that watches has died, starts it again, and the gap is an event', async () => {
    const { person, opened } = await somebody(empty);
    const page = await openCamera(opened, server.http);
    await arm(page);
    await page
      .workers()
      .find((worker) => worker.url().includes('camera-worker'))
      ?.evaluate(() => void setTimeout(() => self.close()));
    await page.getByText(/had stopped\. It saw nothing from .* to .*, and watches again/).waitFor();
    await expectStatus(page, /Watching.*Nothing has moved/);
    expect(await page.getByText(/that watches has stopped/).count()).toBe(0);
    const gap = await eventWhere(server.http, person, ({ kind, endedAt }) => kind === 'gap' && endedAt !== null);
    expect(gap.reason.code).toBe('no-frames');
  });

  it('is armed in one page only, which alone speaks to the server', async () => {
    const { person, opened } = await somebody(empty);
    const first = await openCamera(opened, server.http);
    await arm(first);
    const stateOnServer = async () => {
      const answer = await fetch(`${server.http}/api/cameras`, { headers: person.session });
      return ((await answer.json()) as { cameras: { state: string }[] }).cameras.map(({ state }) => state);
    };
    await expect.poll(stateOnServer).toEqual(['watching']);
    const second = await openCamera(opened, server.http);
    await second.getByText('This camera is already armed in another tab').waitFor();
    await second.getByText('This camera is already open in another tab').waitFor();
    await expectStatus(second, 'Ready');
    expect(await stateOnServer()).toEqual(['watching']);
    expect(await first.getByText('already open in another tab').count()).toBe(0);
    // The other takes over with the settings of the first, also where the server cannot tell them.
    await first.getByLabel('Sensitivity').selectOption('cat');
    await first.getByRole('button', { name: 'Stop surveillance' }).click();
    await opened.setOffline(true);
    await second.getByRole('button', { name: 'Start surveillance' }).click();
    await expectStatus(second, 'Watching');
    expect(await second.getByLabel('Sensitivity').inputValue()).toBe('cat');
    await first.getByText('This camera is already open in another tab').waitFor();
    await opened.setOffline(false);
    await expect.poll(stateOnServer, { timeout: 20_000 }).toEqual(['watching']);
    await first.close();
  });

  it('goes on by its own key when the session has ended; signing out ends that', async () => {
    const { opened } = await somebody(empty);
    const page = await openCamera(opened, server.http);
    await arm(page);
    await opened.clearCookies();
    await page.reload();
    await expectStatus(page, 'Watching');
    await page.getByText('Your session has ended').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${server.http}/`);
    await page.goto(`${server.http}/camera`);
    await page.waitForURL(`${server.http}/?next=%2Fcamera`);
  });

  it('knows who is signed in as soon as the server, which was away at the reload, is there', async () => {
    const { opened } = await somebody(empty);
    const page = await openCamera(opened, server.http);
    await arm(page);
    const signOut = page.getByRole('button', { name: 'Sign out' });
    let asked = 0;
    await opened.route('**/api/session', (route) => (asked++ === 0 ? route.abort() : route.fallback()));
    await page.reload();
    await expectStatus(page, 'Watching');
    await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).waitFor();
    expect([asked, await signOut.count()]).toEqual([2, 1]);
  });

  it('can be signed out of although it is not known who is signed in', async () => {
    const { opened } = await somebody(empty);
    const page = await openCamera(opened, server.http);
    await arm(page);
    await opened.route('**/api/session', (route) => route.abort());
    await page.reload();
    await expectStatus(page, 'Watching');
    await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${server.http}/`);
  });

  it('says that the account removed it, and is set up again by starting again', async () => {
    const { person, opened } = await somebody(empty);
    const page = await openCamera(opened, server.http);
    await arm(page);
    const { cameras } = (await (await fetch(`${server.http}/api/cameras`, { headers: person.session })).json()) as {
      cameras: { id: string }[];
    };
    const headers = { ...person.session, origin: server.http };
    expect((await fetch(`${server.http}/api/cameras/${cameras[0]?.id}`, { method: 'DELETE', headers })).status).toBe(
      204,
    );
    await expectStatus(page, 'The account removed this camera');
    await page.getByRole('button', { name: 'Stop surveillance' }).click();
    await page.getByRole('button', { name: 'Start surveillance' }).click();
    await expectStatus(page, /Watching.*Nothing has moved/);
    await page.reload();
    await expectStatus(page, /Watching.*Nothing has moved/);
  });
});

describe('the network is gone', () => {
  it('events wait on the disk, the page says how many, and all of them arrive', async () => {
    const { person, opened } = await somebody(visited);
    const page = await openCamera(opened, server.http);
    await arm(page, 'Hall');
    await opened.setOffline(true);
    await expectStatus(page, /No network: one event waits here/, 60_000);
    expect(await eventsOf(server.http, person)).toEqual([]);
    await opened.setOffline(false);
    const event = await eventWhere(server.http, person, ({ hasPhoto }) => hasPhoto, 5000);
    expect(event.cameraName).toBe('Hall');
    // The film of this very event, which began without network.
    await eventWhere(server.http, person, ({ id, clipComplete }) => id === event.id && clipComplete);
    await expectStatus(page, /Watching.*Photo sent at/);
  });

  it('what waits survives a page that dies', async () => {
    const { person, opened } = await somebody(visited);
    const page = await openCamera(opened, server.http);
    await arm(page);
    await opened.route('**/api/events/**', (route) => route.abort());
    await expectStatus(page, /one event waits here/, 60_000);
    await page.close();
    await opened.unroute('**/api/events/**');
    const again = await openCamera(opened, server.http);
    await expectStatus(again, 'Watching');
    await eventWhere(
      server.http,
      person,
      ({ kind, hasPhoto, endedAt }) => kind === 'intrusion' && hasPhoto && endedAt !== null,
    );
  });
});

describe('a delay', () => {
  it('counts down, over a reload too, can be called off, and arms when it is over', async () => {
    const { opened } = await somebody(empty);
    const page = await openCamera(opened, server.http);
    await page.getByLabel('Camera name').fill('Hall');
    await page.getByLabel('Delay before start (seconds)').fill('30');
    await page.getByRole('button', { name: 'Start surveillance' }).click();
    await expectStatus(page, /Starting in (30|29)\u00a0s/);
    await page.reload();
    await expectStatus(page, /Starting in [12]\d\u00a0s/);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expectStatus(page, 'Ready');
    await page.reload();
    await expectStatus(page, 'Ready');
    await page.getByLabel('Delay before start (seconds)').fill('2');
    await page.getByRole('button', { name: 'Start surveillance' }).click();
    await expectStatus(page, /Starting in [21]\u00a0s/);
    await expectStatus(page, 'Watching');
  });

  it('is what stands in its field, whatever was typed', async () => {
    const { opened } = await somebody(empty);
    const page = await openCamera(opened, server.http);
    const delay = page.getByLabel('Delay before start (seconds)');
    for (const [typed, expected] of [
      ['36000', '3600'],
      ['', '0'],
      ['2.6', '3'],
      ['-5', '0'],
    ] as const) {
      await delay.fill(typed);
      await delay.blur();
      expect(await delay.inputValue()).toBe(expected);
    }
    // Not done yet when something else on the page changes.
    await delay.fill('36000');
    const saved = page.getByLabel('Save photos and videos on this device');
    await saved.evaluate((box: HTMLInputElement) => box.click());
    await page.getByText(/A folder is asked for|Files go to/).waitFor();
    expect(await delay.inputValue()).toBe('36000');
    await saved.uncheck();
    expect(await delay.inputValue()).toBe('3600');
    await delay.fill('0');
    await page.getByLabel('Camera name').fill('Hall');
    await page.getByRole('button', { name: 'Start surveillance' }).click();
    await expectStatus(page, 'Watching');
  });

  it('two taps on the button start it once', async () => {
    const { opened } = await somebody(empty);
    await opened.addInitScript(() => {
      Reflect.set(window, 'pickers', 0);
      Reflect.set(window, 'showDirectoryPicker', async () => {
        Reflect.set(window, 'pickers', Reflect.get(window, 'pickers') + 1);
        throw new DOMException('', 'AbortError');
      });
    });
    const page = await openCamera(opened, server.http);
    await page.getByLabel('Camera name').fill('Hall');
    await page.getByLabel('Save photos and videos on this device').check();
    await page.getByRole('button', { name: 'Start surveillance' }).evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
    });
    await expectStatus(page, 'Watching');
    expect(await page.evaluate(() => Reflect.get(window, 'pickers'))).toBe(1);
    await page.getByText(/files go to this browser’s downloads/).waitFor();
  });

  it('a camera without a name is not started', async () => {
    const { opened } = await somebody(empty);
    const page = await openCamera(opened, server.http);
    await page.getByRole('button', { name: 'Start surveillance' }).click();
    await page.getByText('Give the camera a name first').waitFor();
    await expectStatus(page, 'Ready');
  });
});
