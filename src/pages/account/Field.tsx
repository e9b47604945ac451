/** A label and a control enter; they leave tied to each other, with the sentence that says what is wrong. */
import type { Signal } from '@preact/signals';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly value: Signal<string>;
  readonly type?: 'text' | 'password';
  readonly autocomplete?: 'off' | 'current-password' | 'new-password';
  readonly inputMode?: 'numeric' | 'email';
  readonly hint?: string | null;
  /** What is wrong with the value; null: nothing. */
  readonly wrong?: string | null;
  readonly required?: boolean;
}

const KINDS = { text: { type: 'text' }, password: { type: 'password' } } as const;

export function Field({
  label,
  value,
  type = 'text',
  autocomplete = 'off',
  inputMode,
  hint,
  wrong = null,
  required = false,
}: FieldProps) {
  const id = useId();
  const note = wrong ?? hint ?? null;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        {...KINDS[type]}
        autocomplete={autocomplete}
        {...(inputMode && { inputMode })}
        required={required}
        value={value.value}
        aria-invalid={wrong !== null}
        {...(note !== null && { 'aria-describedby': `${id}-note` })}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
      {note !== null && (
        <p id={`${id}-note`} class={wrong === null ? 'field-hint' : 'field-error'}>
          {note}
        </p>
      )}
    </div>
  );
}
