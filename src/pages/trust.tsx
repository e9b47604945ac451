/** The server's addresses enter; the way to open them on a phone as secure pages leaves, system by system. */
import { signal } from '@preact/signals';
import { m } from '../messages/generated/messages.js';
import { api } from './shell/api.ts';
import { mount } from './shell/mount.tsx';
import { Shell } from './shell/Shell.tsx';
import { ErrorBanner, Loading } from './shell/states.tsx';
import { GUIDES, type Guide, systemOf } from './trust/systems.ts';
import './trust/trust.css';

interface TrustFacts {
  readonly authority: boolean;
  readonly fingerprint: string | null;
  readonly addresses: readonly string[];
}

const facts = signal<TrustFacts | null>(null);
const failure = signal<unknown>(null);

function load(): void {
  failure.value = null;
  api<TrustFacts>('GET', '/api/trust').then(
    (answer) => {
      facts.value = answer;
    },
    (error: unknown) => {
      failure.value = error;
    },
  );
}

function Page() {
  return (
    <Shell title={() => m.trust_title()}>
      <h1>{m.trust_title()}</h1>
      <ErrorBanner error={failure.value} onRetry={load} />
      {facts.value === null ? failure.value === null && <Loading /> : <Facts facts={facts.value} />}
    </Shell>
  );
}

function Facts({ facts: { authority, fingerprint, addresses } }: { readonly facts: TrustFacts }) {
  if (addresses.length === 0) return <p class="banner">{m.trust_none()}</p>;
  if (!authority)
    return (
      <>
        <p>{m.trust_public()}</p>
        <Addresses addresses={addresses} text={m.trust_open_text_public()} page="/camera" />
      </>
    );
  const system = systemOf(navigator);
  const own = (guide: Guide) => guide.system === system;
  const guides = [...GUIDES.filter(own), ...GUIDES.filter((guide) => !own(guide))];
  return (
    <>
      <p class="trust-lead">{m.trust_lead()}</p>
      {isSecureContext && (
        <p class="banner banner-ok">
          {location.protocol === 'https:' ? m.trust_here_https() : m.trust_here_localhost()}
        </p>
      )}
      <section class="stack">
        <h2>{m.trust_open_title()}</h2>
        <Addresses addresses={addresses} text={m.trust_open_text()} page="/trust" />
      </section>
      <section class="stack">
        <h2>{m.trust_install_title()}</h2>
        {guides.map((guide) => (
          <System key={guide.system} guide={guide} detected={own(guide)} />
        ))}
      </section>
      <section class="trust-notes">
        <div class="card">
          <h2>{m.trust_limits_title()}</h2>
          <p>{m.trust_limits_text()}</p>
        </div>
        <div class="card">
          <h2>{m.trust_without_title()}</h2>
          <p>{m.trust_without_text()}</p>
        </div>
        <div class="card">
          <h2>{m.trust_fingerprint_title()}</h2>
          <p>{m.trust_fingerprint_text()}</p>
          <p class="trust-fingerprint">{fingerprint}</p>
        </div>
      </section>
    </>
  );
}

interface AddressesProps {
  readonly addresses: readonly string[];
  readonly text: string;
  /** Where the code leads. */
  readonly page: '/trust' | '/camera';
}

function Addresses({ addresses, text, page }: AddressesProps) {
  const [first = '', ...others] = addresses;
  const query = new URLSearchParams({ address: first, page });
  return (
    <div class="card trust-open">
      <img
        class="trust-code"
        src={`/trust/qr.svg?${query}`}
        alt={m.trust_qr_alt({ address: first + page })}
        width="200"
        height="200"
      />
      <div class="stack">
        <a class="trust-address" href={first + page}>
          {first + page}
        </a>
        <p>{text}</p>
        {others.length > 0 && (
          <details>
            <summary>{m.trust_others()}</summary>
            <ul>
              {others.map((address) => (
                <li key={address}>
                  <a href={address + page}>{address}</a>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </div>
  );
}

function System({ guide, detected }: { readonly guide: Guide; readonly detected: boolean }) {
  return (
    <details class="card trust-system" open={detected}>
      <summary>
        <h3>{guide.name()}</h3>
        {detected && <span class="muted small">{m.trust_detected()}</span>}
      </summary>
      <div class="stack">
        <a class={detected ? 'button button-primary' : 'button'} href={guide.file.path} download>
          {guide.file.label()}
        </a>
        <ol class="stack">
          {guide.steps.map((step) => (
            <li key={step()}>{step()}</li>
          ))}
        </ol>
      </div>
    </details>
  );
}

load();
mount(<Page />);
