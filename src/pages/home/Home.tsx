/** The page's address and the session enter; the way in leaves, or on to what somebody came for. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Entered } from '../../accounts/shared/requests.ts';
import { m } from '../../messages/generated/messages.js';
import { api } from '../shell/api.ts';
import { Shell } from '../shell/Shell.tsx';
import { useSession } from '../shell/session.ts';
import { ErrorBanner, PATIENCE_MILLIS } from '../shell/states.tsx';
import { type Arrival, readArrival } from './arrival.ts';
import { CodeForm } from './CodeForm.tsx';
import { Forgot } from './Forgot.tsx';
import { CapabilityNotice, Hero } from './Hero.tsx';
import { ResetPassword } from './ResetPassword.tsx';
import { SignedIn } from './SignedIn.tsx';
import { SignIn } from './SignIn.tsx';
import { type Asked, SignUp } from './SignUp.tsx';
import './errors.ts';
import './home.css';

type Step =
  | { readonly at: 'forms' }
  | { readonly at: 'code'; readonly asked: Asked; readonly flow: string }
  | { readonly at: 'forgot'; readonly typed: string }
  | { readonly at: 'reset'; readonly token: string }
  | { readonly at: 'link'; readonly token: string }
  | { readonly at: 'dropped' }
  | { readonly at: 'leaving' };

function firstStep({ link }: Arrival): Step {
  return link === null || link.kind === 'invite' ? { at: 'forms' } : { at: link.kind, token: link.token };
}

export function Home() {
  const arrival = useSignal(readArrival(location.search, location.hash)).value;
  const step = useSignal<Step>(firstStep(arrival));
  const entry = useRef<HTMLDivElement>(null);
  const linkError = useSignal<unknown>(null);
  const known = useSession();
  /** Whether to show the forms although nobody said yet that they are needed. */
  const waited = useSignal(false);
  const server = known.state === 'known' ? known.session : null;
  const account = server?.account ?? null;

  const goOn = () => {
    step.value = { at: 'leaving' };
    location.assign(arrival.next);
  };
  const enter = (entered: Entered, asked?: Asked) => {
    if (entered.next === 'code' && asked) step.value = { at: 'code', asked, flow: entered.flow };
    else if (entered.next === 'in' && entered.passwordDropped) step.value = { at: 'dropped' };
    else goOn();
  };
  const toForms = () => {
    step.value = { at: 'forms' };
  };
  const useLink = (token: string) => {
    api<Entered>('POST', '/api/accounts/link', { body: { token } }).then(enter, (error: unknown) => {
      linkError.value = error;
      toForms();
    });
  };
  useEffect(() => {
    // A token has no business in the history.
    if (arrival.link) history.replaceState(null, '', location.pathname + location.search);
    if (step.value.at === 'link') useLink(step.value.token);
    const waiting = setTimeout(() => {
      waited.value = true;
    }, PATIENCE_MILLIS);
    return () => clearTimeout(waiting);
  }, []);
  const first = useRef(true);
  useEffect(() => {
    // What a step asks for is where the focus goes; the first one leaves it to the browser.
    const begins = entry.current?.querySelector('input') ?? entry.current?.querySelector('h2');
    if (!first.current) begins?.focus();
    first.current = false;
  }, [step.value.at]);
  useEffect(() => {
    if (account !== null && arrival.asked && step.value.at === 'forms') goOn();
  }, [account]);

  return (
    <Shell title={() => m.accounts_title()} layout="bare">
      <div class="home">
        <Hero server={server} />
        <div class="home-entry" ref={entry}>
          <ErrorBanner error={linkError.value} />
          {content()}
        </div>
      </div>
    </Shell>
  );

  function content() {
    const now = step.value;
    switch (now.at) {
      case 'code':
        return <CodeForm asked={now.asked} firstFlow={now.flow} onEntered={enter} onBack={toForms} />;
      case 'forgot':
        return <Forgot typed={now.typed} mail={server?.mail ?? 'smtp'} onBack={toForms} />;
      case 'reset':
        return <ResetPassword token={now.token} onEntered={enter} />;
      case 'link':
        return <p role="status">{m.accounts_link_working()}</p>;
      case 'leaving':
        return <p role="status">{m.accounts_working()}</p>;
      case 'dropped':
        return (
          <section class="entry entry-alone">
            <h2 tabIndex={-1}>{m.accounts_dropped_title()}</h2>
            <p>{m.accounts_dropped()}</p>
            <a class="button button-primary" href="/account#password">
              {m.accounts_dropped_set()}
            </a>
            <a class="button" href={arrival.next}>
              {m.accounts_go_on()}
            </a>
          </section>
        );
      case 'forms':
        if (known.state === 'loading' && !waited.value) return null;
        if (account !== null) return <SignedIn email={account.email} />;
        return (
          <>
            <CapabilityNotice />
            <SignIn
              onEntered={enter}
              onForgot={(typed) => {
                step.value = { at: 'forgot', typed };
              }}
            />
            <SignUp
              server={server}
              invite={arrival.link?.kind === 'invite' ? arrival.link.token : null}
              onEntered={enter}
            />
            <a class="button home-try" href="/camera?try=1">
              {m.accounts_try()}
            </a>
          </>
        );
    }
  }
}
