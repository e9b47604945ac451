/** The server's real settings enter; who sees what, for how long, leaves in plain words. */
import type { Session } from '../../accounts/shared/account.ts';
import { m } from '../../messages/generated/messages.js';
import { Shell } from '../shell/Shell.tsx';
import { refreshSession, useSession } from '../shell/session.ts';
import { ErrorBanner, Loading } from '../shell/states.tsx';
import './privacy.css';

export function PrivacyPage() {
  const known = useSession();
  return (
    <Shell title={() => m.privacy_title()}>
      <div class="prose">
        <h1>{m.privacy_title()}</h1>
        <p class="lead">{m.privacy_short()}</p>
        {known.state === 'loading' && <Loading />}
        {known.state === 'failed' && <ErrorBanner error={known.failure} onRetry={refreshSession} />}
        {known.state === 'known' && <Words server={known.session} />}
      </div>
    </Shell>
  );
}

function Words({ server }: { readonly server: Session }) {
  return (
    <>
      <h2>{m.privacy_camera()}</h2>
      <p>{m.privacy_camera_text()}</p>
      <p>
        {m.privacy_camera_sound()} {m.privacy_camera_try()}
      </p>
      <h2>{m.privacy_server({ name: server.serverName })}</h2>
      <p>{m.privacy_server_text({ days: server.retentionDays })}</p>
      <p>{m.privacy_server_live()}</p>
      <p>{m.privacy_server_account()}</p>
      <p>{m.privacy_server_log()}</p>
      <h2>{m.privacy_who()}</h2>
      <ul>
        <li>{m.privacy_who_you()}</li>
        <li>{m.privacy_who_owner()}</li>
        <li>{m.privacy_who_device()}</li>
      </ul>
      <h2>{m.privacy_mail()}</h2>
      <p>{server.mail === 'smtp' ? m.privacy_mail_smtp() : m.privacy_mail_mailbox()}</p>
      <h2>{m.privacy_cookies()}</h2>
      <p>{m.privacy_cookies_text()}</p>
      <h2>{m.privacy_rights()}</h2>
      <p>
        {m.privacy_rights_text()} <a href="/account">{m.privacy_rights_link()}</a>
      </p>
      <h2>{m.privacy_others()}</h2>
      <p>{m.privacy_others_text()}</p>
      <p>
        <a href="/notices.txt">{m.privacy_notices()}</a>
      </p>
    </>
  );
}
