/** The server's retention enters; what Vigie is leaves: one sentence, one picture of it at work, what happens with the pictures. */

import { useEffect, useState } from 'preact/hooks';
import type { Session } from '../../accounts/shared/account.ts';
import { keepsKeys } from '../../cameras/browser/key.ts';
import { m } from '../../messages/generated/messages.js';
import { capabilityOf, offersOf } from './capability.ts';

export function Hero({ server }: { readonly server: Session | null }) {
  return (
    <section class="hero">
      <h1>{m.shell_tagline()}</h1>
      <p class="hero-what muted">{m.accounts_what()}</p>
      <img class="hero-picture" src="/at-work.webp" width="1280" height="720" alt={m.accounts_at_work()} />
      <p class="hero-privacy small muted">
        {server ? m.accounts_privacy({ days: server.retentionDays }) : m.accounts_privacy_unknown()}{' '}
        <a href="/privacy">{m.accounts_privacy_link()}</a>
      </p>
    </section>
  );
}

/** Before somebody makes an account: that this browser cannot be a camera, or only with less. */
export function CapabilityNotice() {
  const [keeps, setKeeps] = useState(true);
  const offered = capabilityOf(offersOf(window));
  const capability = keeps || offered === 'insecure' || offered === 'none' ? offered : 'forgets';
  useEffect(() => void keepsKeys().then(setKeeps), []);
  if (capability === 'full') return null;
  const text = {
    less: m.accounts_cannot_encode,
    insecure: m.accounts_cannot_insecure,
    none: m.accounts_cannot_camera,
    forgets: m.accounts_cannot_keep,
  }[capability]();
  return (
    <div class="banner">
      <p class="small">{text}</p>
      {capability === 'insecure' && <a href="/trust">{m.accounts_cannot_insecure_link()}</a>}
    </div>
  );
}
