/** That a page is empty, loading or failed enters; a designed state with its next step leaves. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { m } from '../../messages/generated/messages.js';
import { ApiFailure } from './api.ts';
import { sentenceOf } from './sentences.ts';
import { signInPath } from './session.ts';

interface ErrorBannerProps {
  /** What was caught; null: nothing to show. */
  readonly error: unknown;
  /** "Try again"; left out: no such button. */
  readonly onRetry?: () => void;
  readonly children?: ComponentChildren;
}

/** One sentence about an error, said at once, with the way out. */
export function ErrorBanner({ error, onRetry, children }: ErrorBannerProps) {
  if (error === null || error === undefined) return null;
  return (
    <div class="banner banner-danger" role="alert">
      <p>{sentenceOf(error)}</p>
      {children}
      {onRetry && (
        <button type="button" class="button" onClick={onRetry}>
          {m.shell_retry()}
        </button>
      )}
    </div>
  );
}

interface TroubleProps {
  readonly error: unknown;
  onRetry(): void;
}

/** That nothing could be had: to be tried again, or, where the session has ended, to be signed in for. */
export function Failed({ error, onRetry }: TroubleProps) {
  if (!isSignedOut(error)) return <ErrorBanner error={error} onRetry={onRetry} />;
  return (
    <ErrorBanner error={error}>
      <a class="button button-primary" href={signInPath()}>
        {m.shell_sign_in()}
      </a>
    </ErrorBanner>
  );
}

/** That what is shown may be old. */
export function Stale({ error, onRetry }: TroubleProps) {
  if (error === null) return null;
  if (isSignedOut(error)) return <Failed error={error} onRetry={onRetry} />;
  const unreachable = error instanceof ApiFailure && error.code === 'network';
  return (
    <div class="banner banner-danger" role="alert">
      <p>{unreachable ? m.shell_stale() : sentenceOf(error)}</p>
      <button type="button" class="button" onClick={onRetry}>
        {m.shell_retry()}
      </button>
    </div>
  );
}

function isSignedOut(error: unknown): boolean {
  return error instanceof ApiFailure && error.code === 'not-signed-in';
}

interface EmptyProps {
  readonly title: string;
  /** What to do next: a sentence, a link, a button. */
  readonly children?: ComponentChildren;
  readonly icon?: ComponentChildren;
}

/** Nothing is here yet, and why, and what comes next. */
export function Empty({ title, icon, children }: EmptyProps) {
  return (
    <div class="empty">
      {icon}
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** A wait gets noticeable after this long. */
export const PATIENCE_MILLIS = 300;

/** Words for a wait, from the moment it gets noticeable. */
export function Loading({ text }: { readonly text?: string }) {
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), PATIENCE_MILLIS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p class="muted" aria-busy="true">
      {shown ? (text ?? m.shell_loading()) : '\u00a0'}
    </p>
  );
}
