/** An address, with a password typed twice or alone, enters; an account leaves, or the way to prove the address. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Session } from '../../accounts/shared/account.ts';
import { isAddress } from '../../accounts/shared/address.ts';
import type { Entered } from '../../accounts/shared/requests.ts';
import { m } from '../../messages/generated/messages.js';
import { api } from '../shell/api.ts';
import { locale } from '../shell/locale.ts';
import { sentenceOf } from '../shell/sentences.ts';
import { useSubmission } from '../shell/submission.ts';
import { Box } from './Box.tsx';
import { FormHead } from './FormHead.tsx';
import { addressHint, confirmHint, passwordHint } from './hints.ts';

/** What was asked for, so that it can be asked again. */
export interface Asked {
  readonly email: string;
  readonly again: () => Promise<Entered>;
}

interface SignUpProps {
  readonly server: Session | null;
  /** Token of an invitation; null: none. */
  readonly invite: string | null;
  readonly onEntered: (entered: Entered, asked: Asked) => void;
}

export function SignUp({ server, invite, onEntered }: SignUpProps) {
  const email = useSignal('');
  const password = useSignal('');
  const confirm = useSignal('');
  const tried = useSignal<'nothing' | 'account' | 'address'>('nothing');
  const form = useRef<HTMLFormElement>(null);
  const { busy, slow, error, run } = useSubmission();

  const wrongAddress = addressHint(email.value);
  const wrongPassword = passwordHint(password.value);
  const wrongConfirm = confirmHint(password.value, confirm.value);
  const typing =
    (email.value !== '' ? wrongAddress : null) ??
    (password.value !== '' ? wrongPassword : null) ??
    (confirm.value !== '' ? wrongConfirm : null);
  const missing = { nothing: null, address: wrongAddress, account: wrongAddress ?? wrongPassword ?? wrongConfirm }[
    tried.value
  ];

  const ask = (path: string, body: object) => {
    const asked = { email: email.value.trim(), again: () => api<Entered>('POST', path, { body }) };
    void run(async () => onEntered(await asked.again(), asked));
  };
  const common = () => ({ email: email.value, locale: locale.value, ...(invite !== null && { invite }) });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    tried.value = 'account';
    if (wrongAddress ?? wrongPassword ?? wrongConfirm) return focusFirst(form.current);
    ask('/api/accounts/sign-up', { ...common(), password: password.value });
  };
  const start = () => {
    tried.value = 'address';
    if (!isAddress(email.value)) return focusFirst(form.current);
    ask('/api/accounts/start', common());
  };

  const failed = error.value !== null;
  const hint = failed ? sentenceOf(error.value) : (missing ?? typing ?? standing(server, invite));
  return (
    <form class="entry" aria-labelledby="create" noValidate onSubmit={submit} ref={form}>
      <FormHead
        id="create"
        title={m.accounts_create()}
        hint={hint}
        wrong={failed || missing !== null}
        waiting={slow.value}
      />
      <Box
        label={m.accounts_email()}
        value={email}
        type="email"
        name="email"
        autocomplete="email"
        describedBy="create-hint"
        wrong={tried.value !== 'nothing' && wrongAddress !== null}
      />
      <div class="entry-row entry-row-passwords">
        <Box
          label={m.accounts_password()}
          value={password}
          type="password"
          name="password"
          autocomplete="new-password"
          describedBy="create-hint"
          wrong={tried.value === 'account' && wrongPassword !== null}
        />
        <Box
          label={m.accounts_confirm()}
          value={confirm}
          type="password"
          name="confirm"
          autocomplete="new-password"
          describedBy="create-hint"
          wrong={tried.value === 'account' && wrongConfirm !== null}
        />
      </div>
      <div class="entry-row entry-row-create">
        <button type="submit" class="button button-primary" aria-disabled={busy.value}>
          {m.accounts_create()}
        </button>
        <button type="button" class="button entry-small" aria-disabled={busy.value} onClick={start}>
          {m.accounts_start()}
        </button>
      </div>
    </form>
  );
}

/** What is good to know before one types. */
function standing(server: Session | null, invite: string | null): string | null {
  if (invite !== null) return m.accounts_invited();
  if (server === null) return null;
  if (server.registration === 'closed') return m.accounts_closed_hint();
  if (server.registration === 'invite') return m.accounts_invite_hint();
  return server.mail === 'smtp' ? m.accounts_mail_hint() : m.accounts_no_mail_hint();
}

/** After this render, so that the field is marked when it is reached. */
function focusFirst(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus());
}
