/** A message and a key enter; the message with its DKIM signature in front leaves (RFC 6376). */
import { buffer } from 'node:stream/consumers';
import type { DkimKey } from '../dkim.ts';

/** The signer is loaded at the first message that wants it. */
export async function sign(source: Uint8Array, key: DkimKey): Promise<Buffer> {
  const { default: DKIM } = await import('nodemailer/lib/dkim');
  return buffer(
    new DKIM({ domainName: key.domain, keySelector: key.selector, privateKey: key.privateKey }).sign(
      Buffer.from(source),
    ),
  );
}
