/** A mail server's answer or a provider's demand enters as a code; a sentence leaves. */
import type { MailTest, Preset, SmtpSecurity } from '../../mail/shared/settings.ts';
import { m } from '../../messages/generated/messages.js';

/** What came of a test mail. */
export function testSentence(result: MailTest['result'], email: string): string {
  const sentences: Record<MailTest['result'], () => string> = {
    sent: () => m.account_mail_test_sent({ email }),
    unreachable: () => m.account_mail_test_unreachable(),
    tls: () => m.account_mail_test_tls(),
    credentials: () => m.account_mail_test_credentials(),
    sender: () => m.account_mail_test_sender(),
    recipient: () => m.account_mail_test_recipient({ email }),
    message: () => m.account_mail_test_message(),
    timeout: () => m.account_mail_test_timeout(),
    'no-mail-server': () => m.account_mail_test_none(),
    mailer: () => m.account_mail_test_mailer(),
  };
  return sentences[result]();
}

/** What a provider wants beside address and password. */
export function presetSentence({ hint, name }: Preset): string {
  const sentences: Record<Preset['hint'], () => string> = {
    'app-password': () => m.account_mail_hint_app_password({ name }),
    password: () => m.account_mail_hint_password({ name }),
    restricted: () => m.account_mail_hint_restricted({ name }),
    bridge: () => m.account_mail_hint_bridge({ name }),
    'allow-first': () => m.account_mail_hint_allow_first({ name }),
  };
  return sentences[hint]();
}

/** How a connection is protected, as a choice. */
export function securityName(security: SmtpSecurity): string {
  const names: Record<SmtpSecurity, () => string> = {
    tls: () => m.account_mail_security_tls(),
    starttls: () => m.account_mail_security_starttls(),
    auto: () => m.account_mail_security_auto(),
    none: () => m.account_mail_security_none(),
  };
  return names[security]();
}
