import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const ANN = { account: { id: 'a', email: 'ann@example.org' }, mail: 'smtp' };

let answers: (() => Promise<Response>)[];
const away = () => Promise.reject(new TypeError('no network'));
const says = (session: unknown) => () => Promise.resolve(Response.json(session));

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal('document', { cookie: '' });
  vi.stubGlobal('navigator', { languages: ['en'] });
  vi.stubGlobal('fetch', () => (answers.shift() ?? away)());
});
afterEach(() => vi.unstubAllGlobals());

it('who is signed in is not forgotten because the server could not be asked again', async () => {
  const { refreshSession, session } = await import('./session.ts');
  answers = [away, says(ANN), away, says({ ...ANN, account: null })];
  await refreshSession();
  expect(session.value.state).toBe('failed');
  await refreshSession();
  expect(session.value).toEqual({ state: 'known', session: ANN });
  await refreshSession();
  expect(session.value).toEqual({ state: 'known', session: ANN });
  await refreshSession();
  expect(session.value).toEqual({ state: 'known', session: { ...ANN, account: null } });
});

it('the language that was chosen for the account is known at once', async () => {
  const { keepLocale, refreshSession, session } = await import('./session.ts');
  const account = { ...ANN.account, locale: 'en' };
  answers = [says({ ...ANN, account }), says({})];
  await refreshSession();
  keepLocale('fr');
  expect(session.value).toMatchObject({ session: { account: { ...account, locale: 'fr' } } });
  expect(answers).toEqual([]);
});
