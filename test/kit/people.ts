/** A server's address and a name enter; somebody with an account and a session there leaves. */

/** Long enough for any rule. */
export const TEST_PASSWORD = 'correct horse battery staple';

export interface Person {
  readonly email: string;
  readonly password: string;
  /** Value of the `Cookie` field of their session. */
  readonly cookie: string;
}

/**
 * Signs up over the API of a server that keeps its mail in the app.
 *
 * @param name part of the address before the @
 * @throws Error where the server does not let them in at once
 */
export async function signUp(origin: string, name: string): Promise<Person> {
  const email = `${name}@example.org`;
  const answer = await fetch(`${origin}/api/accounts/sign-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email, password: TEST_PASSWORD, locale: 'en' }),
  });
  const body = (await answer.json()) as { next?: string };
  if (body.next !== 'in') throw new Error(`${name} did not get in: ${answer.status} ${JSON.stringify(body)}`);
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';', 1)[0]).join('; ');
  return { email, password: TEST_PASSWORD, cookie };
}

/** The session as cookies of a browser context. */
export function browserCookies(origin: string, { cookie }: Person): { name: string; value: string; url: string }[] {
  return cookie.split('; ').map((pair) => {
    const [name = '', ...rest] = pair.split('=');
    return { name, value: rest.join('='), url: origin };
  });
}
