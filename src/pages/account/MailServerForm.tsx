/** What the server keeps of its mail server enters; a new choice is saved, or none. */
import { useSignal } from '@preact/signals';
import type { MailSettingsState, OwnerSmtp, SmtpSecurity } from '../../mail/shared/settings.ts';
import { m } from '../../messages/generated/messages.js';
import { api } from '../shell/api.ts';
import { ErrorBanner } from '../shell/states.tsx';
import { useSubmission } from '../shell/submission.ts';
import { showToast } from '../shell/toast.tsx';
import { Choice } from './Choice.tsx';
import { Field } from './Field.tsx';
import { presetSentence, securityName } from './mail-sentences.ts';
import { providerOf } from './provider.ts';

const SECURITIES: readonly SmtpSecurity[] = ['tls', 'starttls', 'auto', 'none'];
const OTHER = 'other';

interface MailServerFormProps {
  readonly state: MailSettingsState;
  readonly email: string;
  readonly onSaved: () => Promise<void>;
}

export function MailServerForm({ state: { page, presets }, email, onSaved }: MailServerFormProps) {
  const first = page === null ? providerOf(email, presets) : presets.find(({ host }) => host === page.host);
  const provider = useSignal(first?.id ?? OTHER);
  const host = useSignal(page?.host ?? first?.host ?? '');
  const port = useSignal(String(page?.port ?? first?.port ?? 465));
  const security = useSignal<SmtpSecurity>(page?.security ?? first?.security ?? 'tls');
  const user = useSignal(page?.user ?? email);
  const password = useSignal('');
  const from = useSignal(page?.from ?? '');
  const { busy, error, run } = useSubmission();
  const preset = presets.find(({ id }) => id === provider.value);

  const choose = (id: string) => {
    const chosen = presets.find((one) => one.id === id);
    if (!chosen) return;
    host.value = chosen.host;
    port.value = String(chosen.port);
    security.value = chosen.security;
  };
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void run(async () => {
      const body: OwnerSmtp = {
        host: host.value.trim(),
        port: Number(port.value),
        security: security.value,
        user: user.value.trim() === '' ? null : user.value.trim(),
        from: from.value.trim() === '' ? null : from.value.trim(),
        // Left out: the one that is kept.
        ...(password.value !== '' ? { password: password.value } : page?.hasPassword ? {} : { password: null }),
      };
      await api('PUT', '/api/mail/settings', { body });
      password.value = '';
      showToast(m.account_mail_saved());
      await onSaved();
    });
  };
  const forget = () =>
    run(async () => {
      await api('DELETE', '/api/mail/settings');
      showToast(m.account_mail_forgotten());
      await onSaved();
    });
  return (
    <form class="form-grid" onSubmit={save}>
      <Choice
        label={m.account_mail_provider()}
        value={provider}
        options={[
          ...presets.map(({ id, name }) => ({ value: id, name })),
          { value: OTHER, name: m.account_mail_other() },
        ]}
        onChange={choose}
      />
      {preset && <p class="field-hint form-whole">{presetSentence(preset)}</p>}
      <Field label={m.account_mail_host()} value={host} required />
      <Field label={m.account_mail_port()} value={port} inputMode="numeric" required />
      <Choice
        label={m.account_mail_security()}
        value={security}
        options={SECURITIES.map((value) => ({ value, name: securityName(value) }))}
      />
      <Field label={m.account_mail_user()} value={user} />
      <Field
        label={m.account_mail_password()}
        value={password}
        type="password"
        autocomplete="new-password"
        hint={page?.hasPassword ? m.account_mail_password_kept() : null}
      />
      <Field label={m.account_mail_from()} value={from} />
      <ErrorBanner error={error.value} />
      <div class="actions form-whole">
        <button type="submit" class="button button-primary" aria-disabled={busy.value}>
          {m.account_save()}
        </button>
        {page !== null && (
          <button type="button" class="button" onClick={forget}>
            {m.account_mail_forget()}
          </button>
        )}
      </div>
    </form>
  );
}
