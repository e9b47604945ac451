/** Who is signed in enters; the ways on from home leave. */
import { m } from '../../messages/generated/messages.js';
import { CapabilityNotice } from './Hero.tsx';

export function SignedIn({ email }: { readonly email: string }) {
  return (
    <section class="entry entry-alone">
      <p class="muted">{m.accounts_signed_in_as({ email })}</p>
      <CapabilityNotice />
      <a class="button button-primary" href="/camera">
        {m.accounts_open_camera()}
      </a>
      <a class="button" href="/watch">
        {m.accounts_open_watch()}
      </a>
      <a class="button" href="/events">
        {m.accounts_open_events()}
      </a>
    </section>
  );
}
