/** What somebody typed as a new password enters; whether it is one leaves. */

/** Characters that a new password needs at least (NIST SP 800-63B § 3.1.1.2 asks for length, not for kinds of characters). */
export const PASSWORD_LENGTH_MIN = 10;
/** More is not read. */
export const PASSWORD_LENGTH_MAX = 256;

/** Whether a text may be a new password; characters count as people see them, in normal form C. */
export function isPassword(text: string): boolean {
  const length = [...text.normalize('NFKC')].length;
  return length >= PASSWORD_LENGTH_MIN && length <= PASSWORD_LENGTH_MAX;
}
