/** An account enters; all of it leaves as a file, or goes for good. */
import { useSignal } from '@preact/signals';
import type { Account } from '../../accounts/shared/account.ts';
import { m } from '../../messages/generated/messages.js';
import { api } from '../shell/api.ts';
import { Confirm } from './Confirm.tsx';
import { Field } from './Field.tsx';
import { Section } from './Section.tsx';

export function Data({ account }: { readonly account: Account }) {
  const asking = useSignal(false);
  const typed = useSignal('');
  const erase = async () => {
    await api('DELETE', '/api/account', {
      body: account.hasPassword ? { password: typed.value } : { email: typed.value },
    });
    location.assign('/');
  };
  return (
    <Section id="data" title={m.account_data()}>
      <p class="muted">{m.account_export_what()}</p>
      <div class="actions">
        <a class="button" href="/api/account/export" download="vigie-export.json">
          {m.account_export()}
        </a>
      </div>
      <p class="muted">{m.account_delete_what()}</p>
      <div class="actions">
        <button
          type="button"
          class="button"
          onClick={() => {
            typed.value = '';
            asking.value = true;
          }}
        >
          {m.account_delete()}
        </button>
      </div>
      {asking.value && (
        <Confirm
          title={m.account_delete_ask({ email: account.email })}
          action={m.account_delete_now()}
          onConfirm={erase}
          onClose={() => {
            asking.value = false;
          }}
        >
          <p>{m.account_delete_what()}</p>
          {account.hasPassword ? (
            <Field
              label={m.account_delete_password()}
              value={typed}
              type="password"
              autocomplete="current-password"
              required
            />
          ) : (
            <Field
              label={m.account_delete_address({ email: account.email })}
              value={typed}
              inputMode="email"
              required
            />
          )}
        </Confirm>
      )}
    </Section>
  );
}
