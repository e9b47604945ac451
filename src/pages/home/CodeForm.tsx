/** Six digits from a mail enter; a session leaves. */
import { useSignal } from '@preact/signals';
import type { Entered } from '../../accounts/shared/requests.ts';
import { m } from '../../messages/generated/messages.js';
import { api } from '../shell/api.ts';
import { sentenceOf } from '../shell/sentences.ts';
import { useSubmission } from '../shell/submission.ts';
import { showToast } from '../shell/toast.tsx';
import { Box } from './Box.tsx';
import { FormHead } from './FormHead.tsx';
import type { Asked } from './SignUp.tsx';

interface CodeFormProps {
  readonly asked: Asked;
  readonly firstFlow: string;
  readonly onEntered: (entered: Entered) => void;
  readonly onBack: () => void;
}

export function CodeForm({ asked, firstFlow, onEntered, onBack }: CodeFormProps) {
  const flow = useSignal(firstFlow);
  const code = useSignal('');
  const tried = useSignal(false);
  const { busy, slow, error, run } = useSubmission();
  const digits = code.value.replace(/[\s-]/g, '');
  const complete = /^\d{6}$/.test(digits);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    tried.value = true;
    if (!complete) return;
    void run(async () =>
      onEntered(await api<Entered>('POST', '/api/accounts/verify', { body: { flow: flow.value, code: digits } })),
    );
  };
  const sendAgain = () =>
    run(async () => {
      const entered = await asked.again();
      if (entered.next === 'in') return onEntered(entered);
      flow.value = entered.flow;
      showToast(m.accounts_code_sent_again({ email: asked.email }));
    });
  const failed = error.value !== null;
  return (
    <form class="entry entry-alone" aria-labelledby="code" noValidate onSubmit={submit}>
      <FormHead
        id="code"
        title={m.accounts_code_title()}
        hint={failed ? sentenceOf(error.value) : tried.value && !complete ? m.accounts_code_six() : null}
        wrong={failed || tried.value}
        waiting={slow.value}
      />
      <p id="code-sent">{m.accounts_code_sent({ email: asked.email })}</p>
      <Box
        label={m.accounts_code()}
        value={code}
        name="code"
        inputMode="numeric"
        autocomplete="one-time-code"
        describedBy="code-sent code-hint"
        wrong={tried.value && !complete}
      />
      <button type="submit" class="button button-primary" aria-disabled={busy.value}>
        {m.accounts_verify()}
      </button>
      <p class="muted small">{m.accounts_code_spam()}</p>
      <div class="entry-row">
        <button type="button" class="button" aria-disabled={busy.value} onClick={sendAgain}>
          {m.accounts_code_again()}
        </button>
        <button type="button" class="button" onClick={onBack}>
          {m.accounts_back()}
        </button>
      </div>
    </form>
  );
}
