/** A link's token and a new password typed twice enter; a session leaves. */
import { useSignal } from '@preact/signals';
import type { Entered } from '../../accounts/shared/requests.ts';
import { m } from '../../messages/generated/messages.js';
import { api } from '../shell/api.ts';
import { sentenceOf } from '../shell/sentences.ts';
import { useSubmission } from '../shell/submission.ts';
import { Box } from './Box.tsx';
import { FormHead } from './FormHead.tsx';
import { confirmHint, passwordHint } from './hints.ts';

interface ResetPasswordProps {
  readonly token: string;
  readonly onEntered: (entered: Entered) => void;
}

export function ResetPassword({ token, onEntered }: ResetPasswordProps) {
  const password = useSignal('');
  const confirm = useSignal('');
  const tried = useSignal(false);
  const { busy, slow, error, run } = useSubmission();
  const wrong = passwordHint(password.value) ?? confirmHint(password.value, confirm.value);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    tried.value = true;
    if (wrong !== null) return;
    void run(async () =>
      onEntered(await api<Entered>('POST', '/api/accounts/reset', { body: { token, password: password.value } })),
    );
  };
  const failed = error.value !== null;
  return (
    <form class="entry entry-alone" aria-labelledby="reset" noValidate onSubmit={submit}>
      <FormHead
        id="reset"
        title={m.accounts_forgot_title()}
        hint={failed ? sentenceOf(error.value) : wrong}
        wrong={failed || tried.value}
        waiting={slow.value}
      />
      <p>{m.accounts_reset_what()}</p>
      <Box
        label={m.accounts_password()}
        value={password}
        type="password"
        name="password"
        autocomplete="new-password"
        describedBy="reset-hint"
        wrong={tried.value && passwordHint(password.value) !== null}
      />
      <Box
        label={m.accounts_confirm()}
        value={confirm}
        type="password"
        name="confirm"
        autocomplete="new-password"
        describedBy="reset-hint"
        wrong={tried.value && confirm.value !== password.value}
      />
      <button type="submit" class="button button-primary" aria-disabled={busy.value}>
        {m.accounts_reset_save()}
      </button>
    </form>
  );
}
