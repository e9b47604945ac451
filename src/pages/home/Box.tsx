/** A field's name and value enter; a box with its label inside leaves, 52 px high, so that two forms fit a small phone. */
import type { Signal } from '@preact/signals';
import { useId } from 'preact/hooks';

interface BoxProps {
  readonly label: string;
  readonly name: string;
  /** What a password manager may fill in (HTML's autofill field names). */
  readonly autocomplete: 'username' | 'email' | 'current-password' | 'new-password' | 'one-time-code';
  readonly type?: 'text' | 'email' | 'password';
  readonly inputMode?: 'numeric';
  readonly value: Signal<string>;
  /** Whether to mark the field as wrong. */
  readonly wrong?: boolean;
  /** Id of the sentence that says what is wrong. */
  readonly describedBy: string;
  readonly onBlur?: () => void;
}

/** A field's attributes depend on its type, so each type is a whole of its own. */
const KINDS = { text: { type: 'text' }, email: { type: 'email' }, password: { type: 'password' } } as const;

/** Every box has to be filled in. */
export function Box({
  label,
  name,
  autocomplete,
  type = 'text',
  inputMode,
  value,
  wrong = false,
  describedBy,
  onBlur,
}: BoxProps) {
  const id = useId();
  return (
    <div class="box">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        {...KINDS[type]}
        autocomplete={autocomplete}
        required
        {...(inputMode && { inputMode })}
        {...(onBlur && { onBlur })}
        value={value.value}
        aria-invalid={wrong}
        aria-describedby={describedBy}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
    </div>
  );
}
