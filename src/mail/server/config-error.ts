/** What is wrong with a mail key of the configuration enters; the one line that stops the start leaves. */

/** Names the key and what is accepted; never repeats a secret value. */
export class MailConfigError extends Error {
  readonly code = 'config-invalid';
}
