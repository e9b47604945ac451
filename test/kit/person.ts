/** A server's origin enters; somebody with an account there leaves, and browsers that are signed in as them. */
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';

export interface Person {
  readonly email: string;
  readonly password: string;
  /** Header of a signed-in request. */
  readonly session: { readonly cookie: string };
  /** A fresh browser profile that is signed in. */
  open(browser: Browser, options?: BrowserContextOptions): Promise<BrowserContext>;
}

/**
 * Creates an account over the API of a server without mail.
 * @throws Error where the server does not take it
 */
export async function signUp(origin: string, email: string, locale: 'en' | 'fr' = 'en'): Promise<Person> {
  const password = 'a lantern on the hill';
  const answer = await fetch(`${origin}/api/accounts/sign-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email, password, locale }),
  });
  if (!answer.ok) throw new Error(`no account: ${answer.status} ${await answer.text()}`);
  const pairs = answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  return {
    email,
    password,
    session: { cookie: pairs.join('; ') },
    async open(browser, options = {}) {
      const context = await browser.newContext(options);
      await context.addCookies(
        pairs.map((pair) => {
          const at = pair.indexOf('=');
          return { name: pair.slice(0, at), value: pair.slice(at + 1), url: origin };
        }),
      );
      return context;
    },
  };
}
