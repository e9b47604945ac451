/** The account's mails in the app enter; they leave newest first, with photo, text and what they lead to. */
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { MailboxList, MailboxMessage } from '../../mail/shared/mailbox.ts';
import { m } from '../../messages/generated/messages.js';
import { announce } from '../shell/announce.tsx';
import { api } from '../shell/api.ts';
import { useLoaded } from '../shell/loaded.ts';
import { Shell } from '../shell/Shell.tsx';
import { session, signInPath, useSession } from '../shell/session.ts';
import { Empty, Failed, Loading, Stale } from '../shell/states.tsx';
import { exactTime, saidTime } from '../shell/time.ts';
import './mailbox.css';

/** How long a message may be there before the page shows it, ms. */
const ASK_MILLIS = 5000;

export function MailboxPage() {
  const known = useSession();
  const { now, stale, reload } = useLoaded(() => api<MailboxList>('GET', '/api/mailbox'), ASK_MILLIS);
  useSignalEffect(() => {
    if (session.value.state === 'known' && session.value.session.account === null) location.replace(signInPath());
  });
  const loaded = now.value;
  useNewSpoken(loaded.state === 'ready' ? loaded.value.messages : null);
  const account = known.state === 'known' ? known.session.account : null;
  const smtp = known.state === 'known' && known.session.mail === 'smtp';
  return (
    <Shell title={() => m.mailbox_title()}>
      <h1>{m.mailbox_title()}</h1>
      {account && (
        <p class="muted">
          {smtp ? m.mailbox_why_smtp({ email: account.email }) : m.mailbox_why()}{' '}
          {!smtp && account.isOwner && <a href="/account#alerts">{m.mailbox_set()}</a>}
        </p>
      )}
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'failed' && <Failed error={loaded.error} onRetry={reload} />}
      <Stale error={stale.value} onRetry={reload} />
      {loaded.state === 'ready' && loaded.value.messages.length === 0 && (
        <Empty title={m.mailbox_none()}>
          <p class="muted">{m.mailbox_none_what()}</p>
        </Empty>
      )}
      {loaded.state === 'ready' &&
        loaded.value.messages.map((message) => <Message key={message.id} message={message} />)}
    </Shell>
  );
}

/** Says the subject of what came since the page was opened. */
function useNewSpoken(messages: readonly MailboxMessage[] | null): void {
  const known = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    if (messages === null) return;
    const [came] = messages.filter(({ id }) => known.current !== null && !known.current.has(id));
    if (came) announce(m.mailbox_new({ subject: came.subject }));
    known.current = new Set(messages.map(({ id }) => id));
  }, [messages]);
}

function Message({ message }: { readonly message: MailboxMessage }) {
  const photoGone = useSignal(false);
  const titleId = `mail-${message.id}`;
  return (
    <article class="card mail" aria-labelledby={titleId}>
      <header class="mail-head">
        <h2 id={titleId}>{message.subject}</h2>
        <time
          class="muted small"
          dateTime={new Date(message.receivedAt).toISOString()}
          title={exactTime(message.receivedAt)}
        >
          <span aria-hidden="true">{saidTime(message.receivedAt, Date.now())}</span>
          <span class="visually-hidden">{exactTime(message.receivedAt)}</span>
        </time>
      </header>
      {message.photoUrl !== null &&
        (photoGone.value ? (
          <p class="muted">{m.mailbox_no_photo()}</p>
        ) : (
          <img
            src={message.photoUrl}
            alt={m.mailbox_photo({ subject: message.subject })}
            loading="lazy"
            onError={() => {
              photoGone.value = true;
            }}
          />
        ))}
      <p class="mail-text">{message.text}</p>
      <div class="actions">
        {message.link !== null && (
          <a class="button" href={message.link}>
            {message.link.startsWith('/events') ? m.mailbox_open() : m.mailbox_open_page()}
          </a>
        )}
        <a class="button button-quiet" href={`/api/mailbox/${message.id}/source`} download={`${message.id}.eml`}>
          {m.mailbox_source()}
        </a>
      </div>
    </article>
  );
}
