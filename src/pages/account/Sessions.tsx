/** The account's sessions enter; they leave with the browser and when it was used, to be ended. */
import type { OpenSession } from '../../accounts/shared/requests.ts';
import { m } from '../../messages/generated/messages.js';
import { api } from '../shell/api.ts';
import { useLoaded } from '../shell/loaded.ts';
import { ErrorBanner, Loading, Stale } from '../shell/states.tsx';
import { useSubmission } from '../shell/submission.ts';
import { saidTime } from '../shell/time.ts';
import { showToast } from '../shell/toast.tsx';
import { browserName } from './browser-name.ts';
import { Section } from './Section.tsx';

export function Sessions() {
  const { now, stale, reload } = useLoaded(() => api<{ sessions: OpenSession[] }>('GET', '/api/account/sessions'));
  const { error, run } = useSubmission();
  const loaded = now.value;
  const end = (path: string, method: 'DELETE' | 'POST', said: string) =>
    run(async () => {
      await api(method, path);
      showToast(said);
      await reload();
    });
  return (
    <Section id="sessions" title={m.account_sessions()}>
      <p class="muted">{m.account_sessions_what()}</p>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'failed' && <ErrorBanner error={loaded.error} onRetry={reload} />}
      <Stale error={stale.value} onRetry={reload} />
      {loaded.state === 'ready' && (
        <>
          <ul class="rows">
            {loaded.value.sessions.map((one) => (
              <li class="row" key={one.id}>
                <p>{nameOf(one)}</p>
                <p class="row-facts muted small">
                  {one.isThisOne
                    ? m.account_session_this()
                    : m.account_session_used({ time: saidTime(one.lastUsedAt, Date.now()) })}
                </p>
                {!one.isThisOne && (
                  <button
                    type="button"
                    class="button button-quiet row-end"
                    aria-label={m.account_session_end_name({ name: nameOf(one) })}
                    onClick={() => end(`/api/account/sessions/${one.id}`, 'DELETE', m.account_session_ended())}
                  >
                    {m.account_session_end()}
                  </button>
                )}
              </li>
            ))}
          </ul>
          <ErrorBanner error={error.value} />
          {loaded.value.sessions.length > 1 && (
            <div class="actions">
              <button
                type="button"
                class="button"
                onClick={() => end('/api/account/sessions/end-others', 'POST', m.account_sessions_ended())}
              >
                {m.account_sessions_end_others()}
              </button>
            </div>
          )}
        </>
      )}
    </Section>
  );
}

function nameOf({ userAgent }: OpenSession): string {
  const name = browserName(userAgent);
  return name === null ? m.account_session_unknown() : m.account_session_browser(name);
}
