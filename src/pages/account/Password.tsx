/** Whether the account has a password enters; a new one is set. */
import { useSignal } from '@preact/signals';
import type { Account } from '../../accounts/shared/account.ts';
import { m } from '../../messages/generated/messages.js';
import { confirmHint, passwordHint } from '../home/hints.ts';
import { api } from '../shell/api.ts';
import { refreshSession } from '../shell/session.ts';
import { ErrorBanner } from '../shell/states.tsx';
import { useSubmission } from '../shell/submission.ts';
import { showToast } from '../shell/toast.tsx';
import { Field } from './Field.tsx';
import { Section } from './Section.tsx';

export function Password({ account }: { readonly account: Account }) {
  const current = useSignal('');
  const password = useSignal('');
  const confirm = useSignal('');
  const tried = useSignal(false);
  const { busy, error, run } = useSubmission();
  const wrongPassword = passwordHint(password.value);
  const wrongConfirm = confirmHint(password.value, confirm.value);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    tried.value = true;
    if (wrongPassword !== null || wrongConfirm !== null) return;
    void run(async () => {
      await api('PUT', '/api/account/password', {
        body: { password: password.value, ...(account.hasPassword && { current: current.value }) },
      });
      for (const field of [current, password, confirm]) field.value = '';
      tried.value = false;
      showToast(m.account_password_saved());
      await refreshSession();
    });
  };
  return (
    <Section id="password" title={m.account_password()}>
      <p class="muted">{account.hasPassword ? m.account_password_change() : m.account_password_none()}</p>
      <form class="form-grid" noValidate onSubmit={submit}>
        {/* For password managers: whose password this is. */}
        <input
          class="visually-hidden"
          type="text"
          name="username"
          autocomplete="username"
          value={account.email}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        {account.hasPassword && (
          <Field
            label={m.account_password_current()}
            value={current}
            type="password"
            autocomplete="current-password"
            required
          />
        )}
        <Field
          label={m.account_password_new()}
          value={password}
          type="password"
          autocomplete="new-password"
          required
          hint={password.value === '' ? m.accounts_password_rule() : wrongPassword}
          wrong={tried.value ? wrongPassword : null}
        />
        <Field
          label={m.account_password_confirm()}
          value={confirm}
          type="password"
          autocomplete="new-password"
          required
          hint={confirm.value === '' ? null : wrongConfirm}
          wrong={tried.value ? wrongConfirm : null}
        />
        <ErrorBanner error={error.value} />
        <div class="actions">
          <button type="submit" class="button" aria-disabled={busy.value}>
            {m.account_password_set()}
          </button>
        </div>
      </form>
    </Section>
  );
}
