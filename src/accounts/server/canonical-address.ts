/** A mail address as typed enters; the one form under which an account is kept leaves. */
import { domainToASCII, domainToUnicode } from 'node:url';

/** Trimmed, lower case, its domain in Unicode: `Jo@XN--MLLER-KVA.example` and `jo@Müller.example` are one. */
export function canonicalAddress(typed: string): string {
  const address = typed.trim().normalize('NFC').toLowerCase();
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return `${address.slice(0, at + 1)}${domainToUnicode(domainToASCII(domain)) || domain}`;
}
