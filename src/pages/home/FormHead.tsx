/** A form's name and what helps with it now enter; its first line leaves, with room for the sentence, so that nothing jumps. */
import { m } from '../../messages/generated/messages.js';

interface FormHeadProps {
  readonly id: string;
  readonly title: string;
  readonly hint: string | null;
  /** Whether the hint says that something is wrong. */
  readonly wrong: boolean;
  /** Whether what was asked for is being waited for. */
  readonly waiting?: boolean;
}

export function FormHead({ id, title, hint, wrong, waiting = false }: FormHeadProps) {
  return (
    <div class="form-head">
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      <p id={`${id}-hint`} class={wrong && !waiting ? 'field-error' : 'field-hint'} aria-live="polite">
        {waiting ? m.accounts_working() : hint}
      </p>
    </div>
  );
}
