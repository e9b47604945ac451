/** A letter, its sender and its recipient enter; a message (RFC 5322, MIME) and its envelope leave. */
import type { Letter, Photo } from './letter.ts';
import { html, PHOTO_CID, plainText } from './letter-text.ts';
import { oneLine } from './one-line.ts';
import type { Sender } from './sender.ts';
import type { Envelope } from './transport.ts';

/** Above this a photo is in the message once, not twice: many servers take no more than 10 MB. Bytes. */
const PHOTO_TWICE_MAX = 1_500_000;
/** RFC 2045 § 6.8: lines of encoded bytes hold 76 characters. */
const BASE64_LINE = 76;

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

/**
 * The composer is loaded at the first message: a server that mails nothing does without it.
 *
 * @param photoTwice whether the photo is also attached as a file; left out: yes
 */
export async function composeMessage(letter: Letter, heading: Heading, { photoTwice = true } = {}): Promise<Message> {
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
    text: lines(text),
    html: lines(html(letter)),
    attachments: letter.photo === undefined ? [] : await photoParts(letter.photo, photoTwice),
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const { from, to } = node.getEnvelope();
  const [recipient] = to;
  if (typeof from !== 'string' || recipient === undefined || to.length !== 1)
    throw new Error('a message needs one sender and one recipient');
  return { envelope: { from, to: recipient }, source: await node.build(), subject, text };
}

function lines(text: string): string {
  return text.replaceAll('\n', '\r\n');
}

/** In the text, for who reads HTML, and as a file, for who does not or wants to keep it. */
async function photoParts(photo: Photo, twice: boolean) {
  const { default: MimeNode } = await import('nodemailer/lib/mime-node');
  const body = base64Lines(photo.bytes);
  // Encoded here and once: the composer's own encoder took 6 ms for a photo, during which no live picture goes by.
  const part = (disposition: string, cid?: string) => {
    const node = new MimeNode('image/jpeg', { filename: photo.fileName });
    node.setHeader('Content-Disposition', disposition);
    node.setHeader('Content-Transfer-Encoding', 'base64');
    if (cid !== undefined) node.setHeader('Content-Id', `<${cid}>`);
    const raw = Buffer.concat([Buffer.from(`${node.buildHeaders()}\r\n\r\n`, 'latin1'), body]);
    return { raw, contentType: 'image/jpeg', filename: photo.fileName, ...(cid !== undefined && { cid }) };
  };
  const inline = part('inline', PHOTO_CID);
  return twice && photo.bytes.length <= PHOTO_TWICE_MAX ? [inline, part('attachment')] : [inline];
}

/** Base64, lines end in CRLF. */
function base64Lines(bytes: Buffer): Buffer {
  const encoded = Buffer.from(bytes.toString('base64'), 'latin1');
  const count = Math.ceil(encoded.length / BASE64_LINE);
  const body = Buffer.allocUnsafe(encoded.length + 2 * count);
  let to = 0;
  for (let from = 0; from < encoded.length; from += BASE64_LINE) {
    to += encoded.copy(body, to, from, from + BASE64_LINE);
    body[to++] = 0x0d;
    body[to++] = 0x0a;
  }
  return body;
}
