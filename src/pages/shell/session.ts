/** The server's word on who is signed in enters; it leaves as a signal that pages share. */
import { signal } from '@preact/signals';
import type { Session } from '../../accounts/shared/account.ts';
import { ApiFailure, api } from './api.ts';
import { type Locale, locale } from './locale.ts';

export type SessionState =
  | { readonly state: 'loading' }
  | { readonly state: 'known'; readonly session: Session }
  | { readonly state: 'failed'; readonly failure: ApiFailure };

/** Who is signed in, as far as is known. */
export const session = signal<SessionState>({ state: 'loading' });

let asking: Promise<void> | null = null;
/** A server that has not answered by then is not there, ms. */
const ANSWER_MILLIS = 5000;

/** Asks the server again who is signed in. Never rejects: a failure is a state, unless it is known from before. */
export function refreshSession(): Promise<void> {
  asking ??= api<Session>('GET', '/api/session', { signal: AbortSignal.timeout(ANSWER_MILLIS) })
    .then(
      (answer) => {
        session.value = { state: 'known', session: answer };
      },
      (failure: unknown) => {
        if (session.value.state === 'known') return;
        session.value = {
          state: 'failed',
          failure: failure instanceof ApiFailure ? failure : new ApiFailure(0, 'network'),
        };
      },
    )
    .finally(() => {
      asking = null;
    });
  return asking;
}

/** The session for a component: asks once for the page, and follows what changes. */
export function useSession(): SessionState {
  if (session.value.state === 'loading' && asking === null) void refreshSession();
  return session.value;
}

/** Path of the sign-in page that comes back to where one is. */
export function signInPath(): string {
  return `/?next=${encodeURIComponent(location.pathname + location.search + location.hash)}`;
}

/** Ends the session on the server, then goes home. @throws {ApiFailure} where the server was not reached. */
export async function signOut(): Promise<void> {
  await api('POST', '/api/accounts/sign-out', { body: {} });
  location.assign('/');
}

/** Tells the server the account's language, where somebody is signed in; that it failed is of no matter to the page. */
export function keepLocale(chosen: Locale = locale.value): void {
  const known = session.value;
  if (known.state !== 'known' || known.session.account === null) return;
  session.value = {
    state: 'known',
    session: { ...known.session, account: { ...known.session.account, locale: chosen } },
  };
  void api('POST', '/api/session/locale', { body: { locale: chosen } }).catch(() => undefined);
}
