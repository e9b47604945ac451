/** What is about to be lost enters; it is asked for in a sheet, and done only by its own button. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { m } from '../../messages/generated/messages.js';
import { ErrorBanner } from '../shell/states.tsx';
import { useSubmission } from '../shell/submission.ts';

interface ConfirmProps {
  readonly title: string;
  readonly action: string;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Open for as long as it is rendered. */
export function Confirm({ title, action, onConfirm, onClose, children }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { busy, error, run } = useSubmission();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="sheet" ref={dialog} aria-labelledby="confirm-title" onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void run(onConfirm);
        }}
      >
        <h2 id="confirm-title">{title}</h2>
        {children}
        <ErrorBanner error={error.value} />
        <div class="actions">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {m.account_cancel()}
          </button>
          <button type="submit" class="button button-danger" aria-disabled={busy.value}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
