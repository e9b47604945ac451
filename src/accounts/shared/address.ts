/** What somebody typed as a mail address enters; whether it has the form of one leaves. */

/** Longest address that SMTP carries (RFC 5321 § 4.5.3.1.3, less its brackets), characters. */
export const ADDRESS_LENGTH_MAX = 254;
const LOCAL_PART_LENGTH_MAX = 64;

// RFC 5322's atext, and letters and digits of every script (RFC 6531).
const ATOM = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+$/u;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u;

/**
 * Whether text, once trimmed, has the form `somebody@example.org`: dot-atoms, an @, a domain of two labels or more.
 * Plus signs, long names, new top-level domains and other scripts pass; quoted local parts and address literals,
 * which no provider gives out, do not. That the mailbox exists only a message can tell.
 */
export function isAddress(text: string): boolean {
  const address = text.trim();
  const at = address.lastIndexOf('@');
  if (at < 1 || address.length > ADDRESS_LENGTH_MAX) return false;
  return isLocalPart(address.slice(0, at)) && isDomain(address.slice(at + 1));
}

function isLocalPart(text: string): boolean {
  return text.length <= LOCAL_PART_LENGTH_MAX && text.split('.').every((atom) => ATOM.test(atom));
}

function isDomain(text: string): boolean {
  const labels = text.split('.');
  const top = labels.at(-1) ?? '';
  return labels.length >= 2 && labels.every((label) => LABEL.test(label)) && top.length >= 2 && /[^\d-]/.test(top);
}
