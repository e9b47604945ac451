/** An address enters; the word that a link is on its way leaves, or who can help where no mail is sent. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { m } from '../../messages/generated/messages.js';
import { announce } from '../shell/announce.tsx';
import { api } from '../shell/api.ts';
import { sentenceOf } from '../shell/sentences.ts';
import { useSubmission } from '../shell/submission.ts';
import { Box } from './Box.tsx';
import { FormHead } from './FormHead.tsx';
import { addressHint } from './hints.ts';

interface ForgotProps {
  readonly typed: string;
  readonly mail: 'smtp' | 'mailbox';
  readonly onBack: () => void;
}

export function Forgot({ typed, mail, onBack }: ForgotProps) {
  const email = useSignal(typed);
  const sentTo = useSignal<string | null>(null);
  const tried = useSignal(false);
  const { busy, slow, error, run } = useSubmission();
  const wrong = addressHint(email.value);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    tried.value = true;
    if (wrong !== null) return;
    void run(async () => {
      await api('POST', '/api/accounts/forgot', { body: { email: email.value } });
      sentTo.value = email.value.trim();
    });
  };
  const answer = useRef<HTMLElement>(null);
  const told =
    sentTo.value !== null
      ? m.accounts_forgot_sent({ email: sentTo.value })
      : mail === 'mailbox'
        ? m.accounts_forgot_no_mail({ email: email.value.trim() || m.accounts_forgot_address() })
        : null;
  useEffect(() => {
    if (told === null) return;
    answer.current?.querySelector('h2')?.focus();
    announce(told);
  }, [told]);
  const back = (
    <button type="button" class="button" onClick={onBack}>
      {m.accounts_forgot_back()}
    </button>
  );
  if (told !== null) {
    return (
      <section class="entry entry-alone" aria-labelledby="forgot" ref={answer}>
        <FormHead id="forgot" title={m.accounts_forgot_title()} hint={null} wrong={false} />
        <p>{told}</p>
        {back}
      </section>
    );
  }
  const failed = error.value !== null;
  const hint = failed ? sentenceOf(error.value) : tried.value ? wrong : null;
  return (
    <form class="entry entry-alone" aria-labelledby="forgot" noValidate onSubmit={submit}>
      <FormHead id="forgot" title={m.accounts_forgot_title()} hint={hint} wrong waiting={slow.value} />
      <Box
        label={m.accounts_email()}
        value={email}
        type="email"
        name="email"
        autocomplete="username"
        describedBy="forgot-hint"
        wrong={tried.value && wrong !== null}
      />
      <button type="submit" class="button button-primary" aria-disabled={busy.value}>
        {m.accounts_forgot_send()}
      </button>
      {back}
    </form>
  );
}
