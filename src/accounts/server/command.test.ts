import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AccountsRig, accountsRig } from '../../../test/kit/accounts.ts';

const COMMAND = join(import.meta.dirname, 'command.ts');
const PASSWORD = 'a lantern in the attic';
let rig: AccountsRig;
beforeEach(async () => {
  rig = await accountsRig({ registration: 'invite' });
});
afterEach(() => rig.close());

/** Runs the command beside the running server, on its data. */
async function account(...words: string[]): Promise<{ out: string; err: string; code: number }> {
  return accountWith({}, ...words);
}

async function accountWith(
  settings: Record<string, string>,
  ...words: string[]
): Promise<{ out: string; err: string; code: number }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [COMMAND, ...words], {
      cwd: rig.folder, // where no stray .env lies
      env: { PATH: process.env.PATH, DATA_DIR: rig.folder, PORT: '8080', HTTPS_PORT: '0', ...settings },
    });
    return { out: stdout, err: stderr, code: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
    return { out: stdout, err: stderr, code };
  }
}
const tokenOf = (out: string, name: string) =>
  new RegExp(`^http://localhost:8080/#${name}=([\\w-]{43})\\n$`).exec(out)?.[1];

it('invites an address, which then makes its account, once and for itself only', async () => {
  const invite = tokenOf((await account('invite', 'Ann@example.org')).out, 'invite');
  const signUp = (email: string) =>
    rig.browser().ask('POST', '/api/accounts/sign-up', { email, password: PASSWORD, locale: 'en', invite });
  expect((await signUp('eve@example.org')).json().error.code).toBe('link-invalid');
  expect((await signUp('ann@example.org')).json().next).toBe('in');
  expect((await signUp('ann@example.org')).statusCode).toBe(410);
  expect((await account('list')).out).toBe('ann@example.org  owner\n');
  expect((await account('invite', 'ann@example.org')).err).toContain('has an account already');
});

it('prints links that set a password and that sign in, each once, whatever the case of the address', async () => {
  const invite = tokenOf((await account('invite', 'ann@example.org')).out, 'invite');
  await rig
    .browser()
    .ask('POST', '/api/accounts/sign-up', { email: 'ann@example.org', password: PASSWORD, locale: 'en', invite });
  const reset = tokenOf((await account('reset', 'ANN@Example.org')).out, 'reset');
  const set = () =>
    rig.browser().ask('POST', '/api/accounts/reset', { token: reset, password: 'the new one is longer' });
  expect([(await set()).statusCode, (await set()).statusCode]).toEqual([200, 410]);
  expect(
    (
      await rig
        .browser()
        .ask('POST', '/api/accounts/sign-in', { email: 'ann@example.org', password: 'the new one is longer' })
    ).statusCode,
  ).toBe(200);
  const token = tokenOf((await account('sign-in', 'ann@example.org')).out, 'link');
  const browser = rig.browser();
  expect((await browser.ask('POST', '/api/accounts/link', { token })).json().next).toBe('in');
  expect((await browser.ask('GET', '/api/session')).json().account).toMatchObject({
    email: 'ann@example.org',
    emailVerified: false,
  });
  expect((await rig.browser().ask('POST', '/api/accounts/link', { token })).statusCode).toBe(410);
  expect((await rig.browser().ask('POST', '/api/accounts/reset', { token, password: PASSWORD })).statusCode).toBe(410);
});

it('hands the server to another owner', async () => {
  for (const email of ['ann@example.org', 'bob@example.org'])
    await rig.browser().ask('POST', '/api/accounts/sign-up', {
      email,
      password: PASSWORD,
      locale: 'en',
      invite: tokenOf((await account('invite', email)).out, 'invite'),
    });
  expect((await account('owner', 'bob@example.org')).code).toBe(0);
  expect((await account('list')).out).toBe('ann@example.org\nbob@example.org  owner\n');
});

it.each([
  ['on ports of the system’s choice', { PORT: '0' }, [/PORT=0/, /^\/#invite=[\w-]{43}$/m], /https?:/],
  [
    'on one port of the system’s choice',
    { PORT: '0', HTTPS_PORT: '8443' },
    [/^https:\/\/vigie\.local:8443\/#invite=[\w-]{43}$/m],
    /localhost/,
  ],
  [
    'under its public address',
    { PORT: '0', PUBLIC_URL: 'https://vigie.example' },
    [/^https:\/\/vigie\.example\/#invite=[\w-]{43}\n$/],
    /localhost|PORT/,
  ],
])(
  'of a server %s it prints a link that leads there, or says what is not known',
  async (_where, settings, has, hasNot) => {
    const { out } = await accountWith(settings, 'invite', 'ann@example.org');
    for (const part of has) expect(out).toMatch(part);
    expect(out).not.toMatch(hasNot);
  },
);

it.each([
  [[], 'npm run account -- COMMAND'],
  [['reset'], 'npm run account -- COMMAND'],
  [['fly', 'ann@example.org'], 'npm run account -- COMMAND'],
  [['reset', 'nonsense'], 'does not have the form of a mail address'],
  [['reset', 'nobody@example.org'], 'nobody@example.org has no account here'],
])('%j ends with a sentence and status 1', async (words, sentence) => {
  const { out, err, code } = await account(...words);
  expect([out, code]).toEqual(['', 1]);
  expect(err).toContain(sentence);
  expect(err).not.toContain('    at ');
});
