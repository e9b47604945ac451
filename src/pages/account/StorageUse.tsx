/** What is kept of the account enters; how much, where and how long leaves. */
import type { Storage } from '../../accounts/shared/requests.ts';
import { m } from '../../messages/generated/messages.js';
import { api } from '../shell/api.ts';
import { useLoaded } from '../shell/loaded.ts';
import { locale } from '../shell/locale.ts';
import { ErrorBanner, Loading } from '../shell/states.tsx';
import { Section } from './Section.tsx';

export function StorageUse() {
  const { now, reload } = useLoaded(() => api<Storage>('GET', '/api/account/storage'));
  const loaded = now.value;
  return (
    <Section id="storage" title={m.account_storage()}>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'failed' && <ErrorBanner error={loaded.error} onRetry={reload} />}
      {loaded.state === 'ready' && (
        <dl class="facts">
          <dt>{m.account_storage_events()}</dt>
          <dd>{loaded.value.events.toLocaleString(locale.value)}</dd>
          <dt>{m.account_storage_size()}</dt>
          <dd>{megabytes(loaded.value.bytes)}</dd>
          <dt>{m.account_storage_retention()}</dt>
          <dd>{m.account_storage_days({ days: loaded.value.retentionDays })}</dd>
          {loaded.value.folder !== null && (
            <>
              <dt>{m.account_storage_folder()}</dt>
              <dd class="path">{loaded.value.folder}</dd>
            </>
          )}
        </dl>
      )}
    </Section>
  );
}

/** "12.3 MB" · "12,3 Mo", in millions of bytes. */
function megabytes(bytes: number): string {
  const number = new Intl.NumberFormat(locale.value, { maximumFractionDigits: 1 }).format(bytes / 1e6);
  return `${number}\u00a0${locale.value === 'fr' ? 'Mo' : 'MB'}`;
}
