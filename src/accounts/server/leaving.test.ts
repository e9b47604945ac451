import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AccountsRig, accountsRig } from '../../../test/kit/accounts.ts';
import { createSweeping } from './sweeping.ts';

const PASSWORD = 'a lantern in the attic';
const MESSAGE = 'Somebody in the cellar';
const ADDRESS = 'ann@gone.example';
let rig: AccountsRig;
beforeEach(async () => {
  rig = await accountsRig();
});
afterEach(() => rig.close());

/** Which of the words lie anywhere in the files of the database. */
function lyingAbout(words: readonly string[]): string[] {
  const files = readdirSync(rig.folder).filter((name) => name.startsWith('vigie.sqlite'));
  const bytes = Buffer.concat(files.map((name) => readFileSync(join(rig.folder, name))));
  return words.filter((word) => bytes.includes(word));
}

/** An account with messages; what must not be found of it later. */
async function annAndHerWords() {
  const ann = rig.browser();
  await rig
    .browser()
    .ask('POST', '/api/accounts/sign-up', { email: 'bob@example.org', password: PASSWORD, locale: 'en' });
  await ann.ask('POST', '/api/accounts/sign-up', { email: ADDRESS, password: PASSWORD, locale: 'en' });
  const { id } = await rig.db.selectFrom('user').where('email', '=', ADDRESS).select('id').executeTakeFirstOrThrow();
  const { password } = await rig.db
    .selectFrom('account')
    .where('userId', '=', id)
    .select('password')
    .executeTakeFirstOrThrow();
  for (let n = 0; n < 50; n++)
    await rig.db
      .insertInto('mailbox')
      .values({
        id: `mail-${n}`,
        accountId: id,
        subject: MESSAGE,
        receivedAt: n,
        source: 'x'.repeat(500),
        payload: '{}',
      })
      .execute();
  const words = [ADDRESS, String(password), MESSAGE];
  expect(lyingAbout(words)).toEqual(words);
  return { ann, words };
}

it('leaves nothing of an erased account in the files of the database', async () => {
  const { ann, words } = await annAndHerWords();
  expect((await ann.ask('DELETE', '/api/account', { password: PASSWORD })).statusCode).toBe(204);
  expect(lyingAbout(words)).toEqual([]);
  expect(lyingAbout(['bob@example.org'])).toEqual(['bob@example.org']);
});

it('erases an account while another program reads the database', async () => {
  const { ann, words } = await annAndHerWords();
  const reader = new DatabaseSync(join(rig.folder, 'vigie.sqlite'), { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT * FROM user').all();
  expect((await ann.ask('DELETE', '/api/account', { password: PASSWORD })).statusCode).toBe(204);
  reader.close();
  await createSweeping({
    db: rig.db,
    clock: { now: () => Date.now() },
    eraseMedia: async () => {},
    onError: () => {},
  }).run();
  expect(lyingAbout(words)).toEqual([]);
});
