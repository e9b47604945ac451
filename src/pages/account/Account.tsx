/** The session enters; the account's page leaves: one section each for what one can see and change. */
import { useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Session } from '../../accounts/shared/account.ts';
import { m } from '../../messages/generated/messages.js';
import { Shell } from '../shell/Shell.tsx';
import { addSentences } from '../shell/sentences.ts';
import { refreshSession, session, signInPath, useSession } from '../shell/session.ts';
import { ErrorBanner, Loading } from '../shell/states.tsx';
import { Alerts } from './Alerts.tsx';
import { Cameras } from './Cameras.tsx';
import { Data } from './Data.tsx';
import { Language } from './Language.tsx';
import { Password } from './Password.tsx';
import { People } from './People.tsx';
import { Section } from './Section.tsx';
import { Sessions } from './Sessions.tsx';
import { StorageUse } from './StorageUse.tsx';
import '../home/errors.ts';
import './account.css';

addSentences({
  'owner-only': () => m.account_error_owner(),
  'set-by-environment': () => m.account_error_environment(),
  'camera-unknown': () => m.account_error_camera(),
});

const ANCHORS: readonly { readonly id: string; readonly name: () => string }[] = [
  { id: 'cameras', name: () => m.account_cameras() },
  { id: 'people', name: () => m.account_people() },
  { id: 'alerts', name: () => m.account_alerts() },
  { id: 'storage', name: () => m.account_storage() },
  { id: 'sessions', name: () => m.account_sessions() },
  { id: 'password', name: () => m.account_password() },
  { id: 'language', name: () => m.account_language() },
  { id: 'data', name: () => m.account_data() },
];

export function AccountPage() {
  const known = useSession();
  useSignalEffect(() => {
    if (session.value.state === 'known' && session.value.session.account === null) location.replace(signInPath());
  });
  return (
    <Shell title={() => m.account_title()} current="account">
      <h1>{m.account_title()}</h1>
      {known.state === 'loading' && <Loading />}
      {known.state === 'failed' && <ErrorBanner error={known.failure} onRetry={refreshSession} />}
      {known.state === 'known' && known.session.account !== null && (
        <Sections session={known.session} account={known.session.account} />
      )}
    </Shell>
  );
}

function Sections({
  session,
  account,
}: {
  readonly session: Session;
  readonly account: NonNullable<Session['account']>;
}) {
  useArrival();
  return (
    <>
      <nav class="anchors" aria-label={m.account_sections()}>
        <ul>
          {ANCHORS.map(({ id, name }) => (
            <li key={id}>
              <a href={`#${id}`}>{name()}</a>
            </li>
          ))}
        </ul>
      </nav>
      <Cameras />
      <People account={account} />
      <Alerts session={session} email={account.email} isOwner={account.isOwner} />
      <StorageUse />
      <Sessions />
      <Password account={account} />
      <Language />
      <Data account={account} />
      <Section id="privacy" title={m.account_privacy()}>
        <p>
          <a href="/privacy">{m.account_privacy_link()}</a>
        </p>
      </Section>
    </>
  );
}

/** What a person does who goes on by themselves. */
const MOVES = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

/** Leads to the section that the address names: the browser looked for it before it was there, and what stands above it grows. */
function useArrival(): void {
  useEffect(() => {
    const section = location.hash === '' ? null : document.getElementById(location.hash.slice(1));
    if (!section) return;
    section.querySelector('h2')?.focus({ preventScroll: true });
    const growth = new ResizeObserver(() => section.scrollIntoView());
    growth.observe(document.body);
    const end = () => {
      growth.disconnect();
      for (const move of MOVES) window.removeEventListener(move, end);
    };
    for (const move of MOVES) window.addEventListener(move, end, { passive: true });
    return end;
  }, []);
}
