/** Where messages go enters; it is told, and whoever runs the server sets the mail server. */
import type { Session } from '../../accounts/shared/account.ts';
import { m } from '../../messages/generated/messages.js';
import { MailServer } from './MailServer.tsx';
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
