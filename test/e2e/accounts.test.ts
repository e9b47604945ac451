/** A browser, a mail server and the real server enter: every way in and out of an account, as a person goes it. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../kit/browser.ts';
import { type RunningServer, startServer } from '../kit/server.ts';
import { type MailServer, startMailServer } from '../kit/smtp.ts';

const PASSWORD = 'a lantern in the attic';
const COMMAND = fileURLToPath(new URL('../../src/accounts/server/command.ts', import.meta.url));
let browser: Browser;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});
afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));
afterAll(() => browser.close());

/** A device of its own: nothing shared with the others. */
async function device(server: RunningServer, path: string, language: 'en' | 'fr' = 'en'): Promise<Page> {
  const context = await browser.newContext({ locale: language === 'fr' ? 'fr-FR' : 'en-GB' });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(server.http + path);
  return page;
}

const signInForm = (page: Page) => page.getByRole('form', { name: 'Sign in' });
const createForm = (page: Page) => page.getByRole('form', { name: 'Create account' });
async function create(page: Page, email: string, password = PASSWORD, confirm = password): Promise<void> {
  await createForm(page).getByLabel('Email').fill(email);
  await createForm(page).getByLabel('Password', { exact: true }).fill(password);
  await createForm(page).getByLabel('Confirm password').fill(confirm);
  await createForm(page).getByRole('button', { name: 'Create account' }).click();
}
async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await signInForm(page).getByLabel('Email').fill(email);
  await signInForm(page).getByLabel('Password').fill(password);
  await signInForm(page).getByRole('button', { name: 'Sign in' }).click();
}
const expectLanded = (page: Page, path: string) =>
  page.waitForURL((url) => url.pathname + url.search + url.hash === path);
/** Waits until a text is in sight; resolves to it. */
const expectSeen = async (page: Page, text: string | RegExp) => {
  await page.getByText(text).first().waitFor();
  return text;
};
/** Waits until the focus is on an element of this kind: where a step begins. */
const expectFocused = (page: Page, tagName: string) =>
  page.waitForFunction((tag) => document.activeElement?.tagName === tag, tagName);

describe('on a server without mail', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  it('an account works at once, and its password opens it on another device, where one was going', async () => {
    const page = await device(server, '/account');
    expect(new URL(page.url()).search).toBe('?next=%2Faccount');
    await create(page, 'ann@example.org');
    await expectLanded(page, '/account');
    await expectSeen(page, 'This server has no mail server yet. Messages wait in the app:');

    const phone = await device(
      server,
      '/events#0199aa00-0000-7000-8000-000000000001.0199aa00-0000-7000-8000-000000000002',
    );
    await signIn(phone, 'ANN@example.org');
    await expectLanded(phone, '/events#0199aa00-0000-7000-8000-000000000001.0199aa00-0000-7000-8000-000000000002');

    await page.goto(`${server.http}/mailbox`);
    await expectSeen(page, 'No messages');
  });

  it('says at once that an address is taken, and that a password is wrong', async () => {
    const page = await device(server, '/');
    await create(page, 'taken@example.org');
    await expectLanded(page, '/camera');
    const other = await device(server, '/');
    await create(other, 'taken@example.org');
    await expectSeen(other, 'This address has an account already. Sign in with it.');
    await signIn(other, 'taken@example.org', 'not the password');
    await expectSeen(other, 'The address or the password is wrong.');
    await signIn(other, 'nobody@example.org', 'not the password');
    await expectSeen(other, 'The address or the password is wrong.');
  });

  it('checks the form while one types, and sends nothing that is not right', async () => {
    const page = await device(server, '/');
    const asked: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && asked.push(request.url()));
    const form = createForm(page);
    await form.getByLabel('Email').pressSequentially('ann@exam');
    await expectSeen(page, 'Email like name@example.org');
    await form.getByLabel('Email').fill('ann+test@example.photography');
    await form.getByText('Email like name@example.org').waitFor({ state: 'detached' });
    await form.getByLabel('Password', { exact: true }).pressSequentially('nine char');
    await expectSeen(page, 'Password: one more character');
    await form.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await form.getByLabel('Confirm password').fill('something else');
    await expectSeen(page, 'The two passwords differ');
    await form.getByRole('button', { name: 'Create account' }).click();
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'confirm');
    for (const name of ['Email', 'Password', 'Confirm password'])
      expect(await form.getByLabel(name, { exact: true }).getAttribute('required')).not.toBeNull();
    for (const name of ['Email', 'Password'])
      expect(await signInForm(page).getByLabel(name).getAttribute('required')).not.toBeNull();
    expect(asked).toEqual([]);
  });

  it('starts with only an address, bound to this device; a password can be set later', async () => {
    const page = await device(server, '/?next=%2Faccount%23password');
    await createForm(page).getByLabel('Email').fill('solo@example.org');
    await page.getByRole('button', { name: 'Start with only an email' }).click();
    await expectLanded(page, '/account#password');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Password');
    await page.waitForFunction(() => {
      const { top, bottom } = document.getElementById('password')?.getBoundingClientRect() ?? { top: -1, bottom: 0 };
      return top >= 0 && bottom > 0 && top < innerHeight / 2;
    });
    const stranger = await device(server, '/');
    await createForm(stranger).getByLabel('Email').fill('solo@example.org');
    await stranger.getByRole('button', { name: 'Start with only an email' }).click();
    await expectSeen(stranger, 'This address has an account already. Sign in with it.');

    const section = page.getByRole('region', { name: 'Password' });
    await section.getByLabel('New password').fill(PASSWORD);
    await section.getByLabel('Confirm password').fill(PASSWORD);
    await section.getByRole('button', { name: 'Set the password' }).click();
    await expectSeen(page, 'Password saved');
    await signIn(stranger, 'solo@example.org');
    await expectLanded(stranger, '/camera');
  });

  it.each([
    ['one', 'https://evil.example/'],
    ['two', '//evil.example'],
    ['three', '/\\evil.example'],
    ['four', 'javascript:alert(1)'],
  ])('%s: after signing in, ?next=%s stays here', async (name, next) => {
    const page = await device(server, `/?next=${encodeURIComponent(next)}`);
    await create(page, `${name}@example.org`);
    await expectLanded(page, '/camera');
    expect(new URL(page.url()).origin).toBe(server.http);
  });

  it('a forgotten password is mended by whoever runs the server, with a link that works once', async () => {
    const page = await device(server, '/');
    await create(page, 'forgot@example.org');
    await expectLanded(page, '/camera');
    const other = await device(server, '/');
    await signInForm(other).getByLabel('Email').fill('forgot@example.org');
    await other.getByRole('button', { name: 'Forgot your password?' }).click();
    await expectSeen(other, /npm run account -- reset forgot@example\.org/);
    await expectFocused(other, 'H2');
    await other.getByRole('button', { name: 'Back to sign in' }).click();
    await expectFocused(other, 'INPUT');
    const env = { PATH: process.env.PATH, DATA_DIR: server.dataDir, PORT: new URL(server.http).port, HTTPS_PORT: '0' };
    const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, 'reset', 'Forgot@Example.org'], {
      cwd: server.dataDir,
      env,
    });
    const link = stdout.trim();
    expect(link.startsWith(`${server.http}/#reset=`)).toBe(true);

    const fresh = await device(server, link.slice(server.http.length));
    const choose = async (target: Page) => {
      await target.getByLabel('Password', { exact: true }).fill('a new one, longer');
      await target.getByLabel('Confirm password').fill('a new one, longer');
      await target.getByRole('button', { name: 'Save and sign in' }).click();
    };
    // The token does not stay in the history.
    await expectLanded(fresh, '/');
    await choose(fresh);
    await expectLanded(fresh, '/camera');
    const late = await device(server, link.slice(server.http.length));
    await choose(late);
    await expectSeen(late, 'This link was used already, or is too old. Ask for a new one.');
    await page.goto(`${server.http}/account`);
    expect(new URL(page.url()).pathname).toBe('/');
  });

  it.each([
    [
      'no camera to ask for',
      'delete Navigator.prototype.mediaDevices',
      'This browser cannot be a camera. It can watch, and show what happened.',
    ],
    [
      'no WebCodecs',
      'delete window.VideoEncoder',
      'This browser makes a simpler camera: photos, and clips in a simpler form.',
    ],
    [
      'a browser that keeps nothing',
      'indexedDB.open = () => { throw new DOMException("", "SecurityError"); }',
      'This browser keeps nothing for this page',
    ],
    [
      'a page that is not secure',
      "Object.defineProperty(window, 'isSecureContext', { value: false })",
      'At this address the browser will not allow the camera: the page is not secure. You can still watch.',
    ],
  ])('%s: said before one signs up', async (_what, missing, sentence) => {
    const page = await device(server, '/privacy');
    expect(await page.getByText(sentence).count()).toBe(0);
    await page.addInitScript(missing);
    await page.goto(server.http);
    await expectSeen(page, sentence);
    await createForm(page).waitFor();
  });

  it('changes language without losing what was typed, and keeps it', async () => {
    const page = await device(server, '/');
    await createForm(page).getByLabel('Email').fill('langue@example.org');
    await page.getByRole('button', { name: 'Français' }).click();
    const form = page.getByRole('form', { name: 'Créer un compte' });
    expect(await form.getByLabel('Adresse e-mail').inputValue()).toBe('langue@example.org');
    expect([await page.title(), await page.locator('html').getAttribute('lang')]).toEqual(['Accueil · Vigie', 'fr']);
    await page.reload();
    await page.getByRole('form', { name: 'Se connecter' }).waitFor();
    await page.getByRole('link', { name: 'Essayer sans compte' }).waitFor();
  });

  it('gives all data as a file, and erases the account for good', async () => {
    const page = await device(server, '/?next=%2Faccount');
    await create(page, 'leaving@example.org');
    await expectLanded(page, '/account');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export my data' }).click(),
    ]);
    expect(JSON.parse(await readFile(await download.path(), 'utf8'))).toMatchObject({
      account: { email: 'leaving@example.org' },
      cameras: [],
    });

    await page.getByRole('button', { name: 'Delete my account' }).click();
    const sheet = page.getByRole('dialog', { name: 'Delete the account leaving@example.org?' });
    await sheet.getByLabel('Password, to confirm').fill('not the password');
    await sheet.getByRole('button', { name: 'Delete for good' }).click();
    await expectSeen(page, 'This is not the password.');
    await sheet.getByLabel('Password, to confirm').fill(PASSWORD);
    await sheet.getByRole('button', { name: 'Delete for good' }).click();
    await expectLanded(page, '/');
    await signIn(page, 'leaving@example.org');
    await expectSeen(page, 'The address or the password is wrong.');
  });

  it('too many tries are refused in words', async () => {
    const page = await device(server, '/');
    for (let n = 0; n < 9; n++) {
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.url().endsWith('/api/accounts/sign-in')),
        signIn(page, 'guessed@example.org', `guess ${n}`),
      ]);
      expect(answer.status()).toBe(n < 8 ? 401 : 429);
      await page.locator('[aria-disabled="true"]').waitFor({ state: 'detached' });
    }
    await expectSeen(page, /Too many attempts\. Try again in [45] minutes\./);
  });
});

describe('on a server with mail', () => {
  let server: RunningServer;
  let mail: MailServer;
  beforeAll(async () => {
    mail = await startMailServer();
    server = await startServer({ env: { SMTP_URL: mail.url, MAIL_FROM: 'vigie@example.org' } });
  });
  afterAll(async () => {
    await server.stop();
    await mail.close();
  });
  const newest = async (to: string, count: number) => {
    const found = (await mail.received(count, (one) => one.to.includes(to))).at(-1);
    if (!found) throw new Error(`no mail to ${to}`);
    return found.parsed;
  };
  const codeIn = (text: string | undefined) => /\b\d{6}\b/.exec(text ?? '')?.[0] ?? '';

  it('a new account goes by the six-digit code, in the language of the page', async () => {
    const page = await device(server, '/?next=%2Fwatch', 'fr');
    const form = page.getByRole('form', { name: 'Créer un compte' });
    await form.getByLabel('Adresse e-mail').fill('jeanne@example.org');
    await form.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD);
    await form.getByLabel('Confirmer le mot de passe').fill(PASSWORD);
    await form.getByRole('button', { name: 'Créer un compte' }).click();
    const code = page.getByLabel('Code');
    await code.waitFor();
    const message = await newest('jeanne@example.org', 1);
    expect(message.text).toContain('code');
    const right = codeIn(message.text);
    await code.fill(right === '111111' ? '222222' : '111111');
    await page.getByRole('button', { name: 'Valider' }).click();
    await expectSeen(page, 'Ce n’est pas le bon code. Regardez le dernier e-mail.');
    await code.fill(right);
    await page.getByRole('button', { name: 'Valider' }).click();
    await expectLanded(page, '/watch');
  });

  it('to an address that has an account, the page goes on all the same, and the mail says so', async () => {
    const first = await device(server, '/');
    await create(first, 'known@example.org');
    await first.getByLabel('Code').fill(codeIn((await newest('known@example.org', 1)).text));
    await first.getByRole('button', { name: 'Verify' }).click();
    await expectLanded(first, '/camera');

    const stranger = await device(server, '/');
    await create(stranger, 'known@example.org', 'some other password');
    await stranger.getByLabel('Code').waitFor();
    const message = await newest('known@example.org', 2);
    expect(message.subject).toBe('You already have a Vigie account');
    expect(codeIn(message.text)).toBe('');
    await stranger.getByLabel('Code').fill('123456');
    await stranger.getByRole('button', { name: 'Verify' }).click();
    await expectSeen(stranger, 'This is not the code. Look at the newest mail.');
  });

  it('an address alone is enough: a code makes the account, and opens it elsewhere', async () => {
    for (const count of [1, 2]) {
      const page = await device(server, '/?next=%2Faccount');
      await createForm(page).getByLabel('Email').fill('solo@example.org');
      await page.getByRole('button', { name: 'Start with only an email' }).click();
      await page.getByLabel('Code').fill(codeIn((await newest('solo@example.org', count)).text));
      await page.getByRole('button', { name: 'Verify' }).click();
      await expectLanded(page, '/account');
      await expectSeen(page, 'This account has no password. You need one only to sign in from elsewhere.');
    }
  });

  it('a code can be sent again', async () => {
    const page = await device(server, '/');
    await create(page, 'again@example.org');
    await page.getByRole('button', { name: 'Send it again' }).click();
    const message = await newest('again@example.org', 2);
    await expectSeen(page, 'Sent again to again@example.org');
    await page.getByLabel('Code').fill(codeIn(message.text));
    await page.getByRole('button', { name: 'Verify' }).click();
    await expectLanded(page, '/camera');
  });

  it('a forgotten password is mended by the link in a mail', async () => {
    const page = await device(server, '/');
    await create(page, 'forgot@example.org');
    await page.getByLabel('Code').fill(codeIn((await newest('forgot@example.org', 1)).text));
    await page.getByRole('button', { name: 'Verify' }).click();
    await expectLanded(page, '/camera');

    const other = await device(server, '/');
    await other.getByRole('button', { name: 'Forgot your password?' }).click();
    await other.getByLabel('Email').fill('forgot@example.org');
    await other.getByRole('button', { name: 'Send a link' }).click();
    await expectSeen(other, /If forgot@example\.org has an account, a link is on its way there/);
    await expectFocused(other, 'H2');
    const link = /https?:\/\/\S+#reset=[\w-]{43}/.exec((await newest('forgot@example.org', 2)).text ?? '')?.[0];
    if (!link) throw new Error('the mail holds no link');
    await other.goto(server.http + link.slice(new URL(link).origin.length));
    await other.reload();
    await other.goto('about:blank');
    await other.goto(server.http + link.slice(new URL(link).origin.length));
    await other.getByLabel('Password', { exact: true }).fill('a new one, longer');
    await other.getByLabel('Confirm password').fill('a new one, longer');
    await other.getByRole('button', { name: 'Save and sign in' }).click();
    await expectLanded(other, '/camera');
    await page.goto(`${server.http}/account`);
    await signIn(page, 'forgot@example.org', 'a new one, longer');
    await expectLanded(page, '/account');
  });

  it('nothing personal is in the log', () => {
    for (const secret of ['example.org', PASSWORD, 'argon2', 'reset=']) expect(server.output()).not.toContain(secret);
  });
});
