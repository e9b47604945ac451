/** What somebody is typing enters; the sentence that helps them leaves, or nothing where it is right. */
import { isAddress } from '../../accounts/shared/address.ts';
import { isPassword, PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '../../accounts/shared/password.ts';
import { m } from '../../messages/generated/messages.js';

/** For an address; null: it has the form of one. */
export function addressHint(typed: string): string | null {
  if (typed.trim() === '') return m.accounts_email_needed();
  return isAddress(typed) ? null : `${m.accounts_email()} ${m.accounts_email_form()}`;
}

/** For a new password; null: long enough. */
export function passwordHint(typed: string): string | null {
  if (isPassword(typed)) return null;
  const length = [...typed.normalize('NFKC')].length;
  if (length === 0) return m.accounts_password_rule();
  if (length > PASSWORD_LENGTH_MAX) return m.accounts_password_long();
  const count = PASSWORD_LENGTH_MIN - length;
  return count === 1 ? m.accounts_password_one_more() : m.accounts_password_more({ count });
}

/** For the second password; null: the same. */
export function confirmHint(password: string, confirm: string): string | null {
  return password === confirm ? null : m.accounts_confirm_differs();
}
