/** Where messages go enters; it is told, and whoever runs the server sets the mail server. */
import type { Session } from '../../accounts/shared/account.ts';
import { keyText } from '../../events/browser/timeline-store.ts';
import type { Timeline } from '../../events/shared/schema.ts';
import { m } from '../../messages/generated/messages.js';
import { api } from '../shell/api.ts';
import { useLoaded } from '../shell/loaded.ts';
import { MailServer } from './MailServer.tsx';
import { lastRefused } from './refused.ts';
import { Section } from './Section.tsx';

export function Alerts({
  session,
  email,
  isOwner,
}: {
  readonly session: Session;
  readonly email: string;
  readonly isOwner: boolean;
}) {
  return (
    <Section id="alerts" title={m.account_alerts()}>
      <RefusedBanner />
      {session.mail === 'smtp' ? (
        <p>{m.account_alerts_mail({ email })}</p>
      ) : (
        <p>
          {m.account_alerts_mailbox()} <a href="/mailbox">{m.account_alerts_mailbox_link()}</a>
        </p>
      )}
      {isOwner && <MailServer email={email} />}
    </Section>
  );
}

/** An address that takes no mail is worth more than small type on an event. */
function RefusedBanner() {
  const loaded = useLoaded(() => api<Timeline>('GET', '/api/events')).now.value;
  const refused = loaded.state === 'ready' ? lastRefused(loaded.value.events) : null;
  if (refused === null) return null;
  const { event, recipient, error } = refused;
  return (
    <div class="banner banner-danger" role="alert">
      <p>
        {error === null
          ? m.account_alerts_refused_plain({ recipient })
          : m.account_alerts_refused({ recipient, error })}
      </p>
      <a class="button" href={`/events#${keyText(event)}`}>
        {m.mailbox_open()}
      </a>
    </div>
  );
}
