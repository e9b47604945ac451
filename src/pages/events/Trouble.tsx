/** Why there is nothing to show, or only what was, enters; words with the next step leave. */
import { m } from '../../messages/generated/messages.js';
import { ApiFailure } from '../shell/api.ts';
import { Icon } from '../shell/icons.tsx';
import { sentenceOf } from '../shell/sentences.ts';
import { signInPath } from '../shell/session.ts';
import { Empty, ErrorBanner } from '../shell/states.tsx';

function isSignedOut(error: unknown): boolean {
  return error instanceof ApiFailure && error.code === 'not-signed-in';
}

export function Failed({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (!isSignedOut(error)) return <ErrorBanner error={error} onRetry={onRetry} />;
  return (
    <ErrorBanner error={error}>
      <a class="button button-primary" href={signInPath()}>
        {m.events_sign_in()}
      </a>
    </ErrorBanner>
  );
}

export function Stale({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (isSignedOut(error)) return <Failed error={error} onRetry={onRetry} />;
  const unreachable = error instanceof ApiFailure && error.code === 'network';
  return (
    <div class="banner banner-danger" role="alert">
      <p>{unreachable ? m.events_stale() : sentenceOf(error)}</p>
      <button type="button" class="button" onClick={onRetry}>
        {m.shell_retry()}
      </button>
    </div>
  );
}

interface NothingProps {
  readonly filtered: boolean;
  readonly hasCameras: boolean;
  onShowAll(): void;
}

export function Nothing({ filtered, hasCameras, onShowAll }: NothingProps) {
  if (filtered)
    return (
      <Empty title={m.events_none_fits()} icon={<Icon name="events" />}>
        <button type="button" class="button" onClick={onShowAll}>
          {m.events_show_all()}
        </button>
      </Empty>
    );
  return (
    <Empty
      title={hasCameras ? m.events_empty_title() : m.events_empty_no_camera()}
      icon={<Icon name={hasCameras ? 'events' : 'camera'} />}
    >
      <p class="muted">{hasCameras ? m.events_empty_text() : m.events_empty_no_camera_text()}</p>
      <a class="button button-primary" href="/camera">
        {m.events_empty_action()}
      </a>
    </Empty>
  );
}
