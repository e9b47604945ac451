/** A page's content enters; it leaves inside the frame of every page: bar, navigation, language, notices. */
import { useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { m } from '../../messages/generated/messages.js';
import { announce, LiveRegions } from './announce.tsx';
import { Icon, type IconName } from './icons.tsx';
import { whileVisible } from './loaded.ts';
import { chooseLanguage, locale } from './locale.ts';
import { online } from './network.ts';
import { sentenceOf } from './sentences.ts';
import { keepLocale, refreshSession, signOut, useSession } from './session.ts';
import { showToast, Toasts } from './toast.tsx';
import './shell.css';

export interface ShellProps {
  /** The page's name in the person's language, read at each change: `() => m.camera_title()`. Becomes the document's title. */
  readonly title: () => string;
  /** Which entry of the navigation this page is; left out: none. */
  readonly current?: IconName;
  /** `page`: a column of at most 1120 px; `wide`: all the width; `bare`: all the width, no padding. */
  readonly layout?: 'page' | 'wide' | 'bare';
  /** Whether to show the navigation to whoever is not signed in, too (a paired camera). */
  readonly navigation?: boolean;
  /** Done before signing out, for a page that has something to end or to ask; `false` calls it off. */
  readonly onSignOut?: () => Promise<boolean>;
  readonly children: ComponentChildren;
}

/** Pause before a server that could not say who is signed in is asked again, ms. */
const ASK_AGAIN_MILLIS = 10_000;

const PAGES: readonly { readonly name: IconName; readonly label: () => string }[] = [
  { name: 'camera', label: () => m.shell_nav_camera() },
  { name: 'watch', label: () => m.shell_nav_watch() },
  { name: 'events', label: () => m.shell_nav_events() },
  { name: 'account', label: () => m.shell_nav_account() },
];

/** The frame of a page. It holds the page's only `main`, and the button "Sign out" where somebody is signed in. */
export function Shell({ title, current, layout = 'page', navigation = false, onSignOut, children }: ShellProps) {
  const known = useSession();
  // A page of the navigation is served to whoever has an account: until somebody says otherwise, this is such a person.
  const signedIn = known.state === 'known' ? known.session.account !== null : current !== undefined;
  // A camera goes on without a session: its page says itself how to leave where nobody could be asked.
  const canSignOut = signedIn && !(navigation && known.state === 'failed');
  useEffect(() => {
    if (known.state !== 'failed') return;
    const endRepeating = whileVisible(refreshSession, ASK_AGAIN_MILLIS);
    window.addEventListener('online', refreshSession);
    return () => {
      endRepeating();
      window.removeEventListener('online', refreshSession);
    };
  }, [known.state]);
  useSignalEffect(() => {
    document.documentElement.lang = locale.value;
    document.title = m.shell_title({ page: title() });
  });
  return (
    <>
      <a class="button shell-skip" href="#main">
        {m.shell_skip()}
      </a>
      <header class="shell-bar">
        <a class="shell-brand" href="/" aria-label={m.shell_home()}>
          <img src="/icon.svg" alt="" width="32" height="32" />
          <span>{m.shell_name()}</span>
        </a>
        {(signedIn || navigation) && <Navigation current={current} />}
        <LanguageSwitch />
        {canSignOut && <SignOut before={onSignOut} />}
      </header>
      {!online.value && (
        <p class="shell-offline" role="alert">
          {m.shell_offline()}
        </p>
      )}
      <main id="main" tabIndex={-1} class={layout === 'page' ? 'shell-main' : `shell-main shell-main-${layout}`}>
        {children}
      </main>
      <Toasts />
      <LiveRegions />
    </>
  );
}

function Navigation({ current }: { readonly current: IconName | undefined }) {
  return (
    <nav class="shell-nav" aria-label={m.shell_nav()}>
      <ul>
        {PAGES.map(({ name, label }) => (
          <li key={name}>
            <a href={`/${name}`} {...(name === current && { 'aria-current': 'page' as const })}>
              <Icon name={name} />
              <span>{label()}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function LanguageSwitch() {
  const other = locale.value === 'en' ? 'fr' : 'en';
  return (
    <button
      type="button"
      class="button button-quiet"
      lang={other}
      onClick={() => {
        chooseLanguage(other);
        keepLocale(other);
      }}
    >
      {m.shell_language()}
    </button>
  );
}

function SignOut({ before }: { readonly before: (() => Promise<boolean>) | undefined }) {
  const leave = async () => {
    try {
      if (before && !(await before())) return;
      await signOut();
    } catch (error) {
      showToast(sentenceOf(error));
      announce(sentenceOf(error), 'assertive');
    }
  };
  return (
    <button type="button" class="button button-quiet" onClick={leave}>
      {m.shell_sign_out()}
    </button>
  );
}
