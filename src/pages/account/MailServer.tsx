/** The mail server's settings enter; whoever runs Vigie chooses a provider, saves, and sends a test mail. */
import { useSignal } from '@preact/signals';
import type { MailSettingsState, MailTest } from '../../mail/shared/settings.ts';
import { m } from '../../messages/generated/messages.js';
import { api } from '../shell/api.ts';
import { useLoaded } from '../shell/loaded.ts';
import { refreshSession } from '../shell/session.ts';
import { ErrorBanner, Loading, Stale } from '../shell/states.tsx';
import { useSubmission } from '../shell/submission.ts';
import { MailServerForm } from './MailServerForm.tsx';
import { testSentence } from './mail-sentences.ts';

export function MailServer({ email }: { readonly email: string }) {
  const { now, stale, reload } = useLoaded(() => api<MailSettingsState>('GET', '/api/mail/settings'));
  const loaded = now.value;
  return (
    <div class="stack" id="mail">
      <h3>{m.account_mail()}</h3>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'failed' && <ErrorBanner error={loaded.error} onRetry={reload} />}
      <Stale error={stale.value} onRetry={reload} />
      {loaded.state === 'ready' && (
        <>
          <InUse state={loaded.value} />
          {loaded.value.source !== 'environment' && (
            <MailServerForm
              state={loaded.value}
              email={email}
              onSaved={async () => {
                await Promise.all([reload(), refreshSession()]);
              }}
            />
          )}
          <Test email={email} onTested={reload} />
        </>
      )}
    </div>
  );
}

function InUse({ state: { source, server, from, queue } }: { readonly state: MailSettingsState }) {
  const facts = server && { host: server.host, port: server.port, from };
  return (
    <>
      {facts === null && <p class="muted">{m.account_mail_why()}</p>}
      {facts !== null && (
        <p>{source === 'environment' ? m.account_mail_environment(facts) : m.account_mail_in_use(facts)}</p>
      )}
      {queue.waiting > 0 && server !== null && (
        <div class="banner">
          <p>
            {queue.waiting === 1 ? m.account_mail_waiting_one() : m.account_mail_waiting({ count: queue.waiting })}
            {queue.trouble?.text && ` ${m.account_mail_said({ text: queue.trouble.text })}`}
          </p>
        </div>
      )}
    </>
  );
}

function Test({ email, onTested }: { readonly email: string; readonly onTested: () => Promise<void> }) {
  const answer = useSignal<MailTest | null>(null);
  const { busy, error, run } = useSubmission();
  const test = () =>
    run(async () => {
      answer.value = null;
      answer.value = await api<MailTest>('POST', '/api/mail/test');
      await onTested();
    });
  return (
    <div class="stack">
      <div class="actions">
        <button type="button" class="button" aria-disabled={busy.value} onClick={test}>
          {m.account_mail_test()}
        </button>
      </div>
      <div role="status">
        {busy.value && <p class="muted">{m.account_mail_testing({ email })}</p>}
        {answer.value && (
          <div class={answer.value.result === 'sent' ? 'banner banner-ok' : 'banner banner-danger'}>
            <p>
              {testSentence(answer.value.result, email)}
              {answer.value.said &&
                answer.value.result !== 'sent' &&
                ` ${m.account_mail_said({ text: answer.value.said })}`}
            </p>
          </div>
        )}
      </div>
      <ErrorBanner error={error.value} />
    </div>
  );
}
