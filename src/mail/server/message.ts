/** A letter, its sender and its recipient enter; a message (RFC 5322, MIME) and its envelope leave, signed where a key is set. */
import { buffer } from 'node:stream/consumers';
import type { DkimKey } from './dkim.ts';
import type { Letter, Photo } from './letter.ts';
import { html, PHOTO_CID, plainText } from './letter-text.ts';
import { oneLine } from './one-line.ts';
import type { Sender } from './sender.ts';
import type { Envelope } from './transport.ts';

/** Above this a photo is in the message once, not twice: many servers take no more than 10 MB. Bytes. */
const PHOTO_TWICE_MAX = 1_500_000;

export interface Heading {
  readonly from: Sender;
  /** Mail address. */
  readonly to: string;
  /** With its angle brackets. */
  readonly messageId: string;
  /** Milliseconds since 1970. The same on every try. */
  readonly date: number;
}

export interface Message {
  readonly envelope: Envelope;
  /** Lines end in CRLF. */
  readonly source: Buffer;
  /** As in the header, decoded. */
  readonly subject: string;
  readonly text: string;
}

/** The composer is loaded at the first message: a server that mails nothing does without it. */
export async function composeMessage(letter: Letter, heading: Heading, dkim: DkimKey | null): Promise<Message> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const subject = oneLine(letter.subject);
  const text = plainText(letter);
  const node = new MailComposer({
    from: { name: oneLine(heading.from.name), address: heading.from.address },
    to: { name: '', address: heading.to },
    subject,
    messageId: heading.messageId,
    date: new Date(heading.date),
    // RFC 3834: no holiday notice in return. The second is what Exchange listens to.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    text,
    html: html(letter),
    attachments: letter.photo === undefined ? [] : photoParts(letter.photo),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const { from, to } = node.getEnvelope();
  const [recipient] = to;
  if (typeof from !== 'string' || recipient === undefined || to.length !== 1) throw new Error('a message needs one sender and one recipient');
  const source = await node.build();
  return { envelope: { from, to: recipient }, source: dkim === null ? source : await signed(source, dkim), subject, text };
}

/** In the text, for who reads HTML, and as a file, for who does not or wants to keep it. */
function photoParts(photo: Photo) {
  const file = { filename: photo.fileName, content: photo.bytes, contentType: 'image/jpeg' };
  const inline = { ...file, cid: PHOTO_CID, contentDisposition: 'inline' };
  return photo.bytes.length > PHOTO_TWICE_MAX ? [inline] : [inline, { ...file, contentDisposition: 'attachment' }];
}

async function signed(source: Buffer, key: DkimKey): Promise<Buffer> {
  const { default: DKIM } = await import('nodemailer/lib/dkim');
  return buffer(new DKIM({ domainName: key.domain, keySelector: key.selector, privateKey: key.privateKey }).sign(source));
}
