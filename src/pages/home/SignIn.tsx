/** Address and password enter; a session leaves, or why not. */
import { useSignal } from '@preact/signals';
import type { Entered } from '../../accounts/shared/requests.ts';
import { m } from '../../messages/generated/messages.js';
import { api } from '../shell/api.ts';
import { sentenceOf } from '../shell/sentences.ts';
import { useSubmission } from '../shell/submission.ts';
import { Box } from './Box.tsx';
import { FormHead } from './FormHead.tsx';
import { addressHint } from './hints.ts';

interface SignInProps {
  readonly onEntered: (entered: Entered) => void;
  readonly onForgot: (email: string) => void;
}

export function SignIn({ onEntered, onForgot }: SignInProps) {
  const email = useSignal('');
  const password = useSignal('');
  const left = useSignal(false);
  const tried = useSignal(false);
  const { busy, slow, error, run } = useSubmission();
  const missing = addressHint(email.value) ?? (password.value === '' ? m.accounts_password_needed() : null);
  const formWrong = email.value !== '' && addressHint(email.value) !== null;

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    tried.value = true;
    if (missing !== null) return;
    void run(async () =>
      onEntered(
        await api<Entered>('POST', '/api/accounts/sign-in', { body: { email: email.value, password: password.value } }),
      ),
    );
  };
  const failed = error.value !== null;
  const hint = failed ? sentenceOf(error.value) : tried.value || formWrong ? missing : null;
  return (
    <form class="entry" aria-labelledby="sign-in" noValidate onSubmit={submit}>
      <FormHead
        id="sign-in"
        title={m.accounts_sign_in()}
        hint={hint}
        wrong={failed || (hint !== null && (tried.value || left.value))}
        waiting={slow.value}
      />
      <Box
        label={m.accounts_email()}
        value={email}
        type="email"
        name="email"
        autocomplete="username"
        describedBy="sign-in-hint"
        wrong={(tried.value || left.value) && formWrong}
        onBlur={() => {
          left.value = email.value !== '';
        }}
      />
      <div class="entry-row entry-row-sign-in">
        <Box
          label={m.accounts_password()}
          value={password}
          type="password"
          name="password"
          autocomplete="current-password"
          describedBy="sign-in-hint"
          wrong={tried.value && password.value === ''}
        />
        <button type="submit" class="button button-primary" aria-disabled={busy.value}>
          {m.accounts_sign_in()}
        </button>
      </div>
      <button type="button" class="link-button" onClick={() => onForgot(email.value)}>
        {m.accounts_forgot()}
      </button>
    </form>
  );
}
