/** A delivery's row enters; the parcel that goes to a transport leaves. */
import type { Letter } from '../../mail/server/letter.ts';
import { composeMessage } from '../../mail/server/message.ts';
import type { Sender } from '../../mail/server/sender.ts';
import type { Parcel } from '../../mail/server/transport.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeliveryRow } from './delivery-store.ts';
import { codeLetter, knownLetter, resetLetter, testLetter } from './letters/account.ts';
import { alarmLetter } from './letters/alarm.ts';
import type { Links } from './letters/links.ts';
import { type DeliveryContent, expiryOf, isSecret, readContent } from './payload.ts';
import { Expired } from './settle.ts';

/** Bytes of an event's photo; null: it has not arrived, or is deleted. */
export type PhotoOf = (accountId: string, cameraId: string, eventId: string) => Promise<Buffer | null>;

export interface ComposeParts {
  readonly clock: Clock;
  readonly sender: () => Sender;
  readonly links: () => Links;
  readonly photoOf: PhotoOf;
  /** Told of a photo that cannot be read; the alarm goes without. */
  readonly onError: (error: unknown) => void;
}

/**
 * Where the message goes: to a mail server, into the mailbox in the app, or from there to who wants it as a file. The
 * mailbox keeps no photo: it is with its event, and encoding it would hold up live pictures for nothing.
 */
export type Purpose = 'mail' | 'mailbox' | 'file';

/** @throws {Expired} where nobody could use the message any more. */
export function createCompose(parts: ComposeParts): (row: DeliveryRow, purpose: Purpose) => Promise<Parcel> {
  return async (row, purpose) => {
    const content = readContent(row.kind, row.payload);
    const expiresAt = expiryOf(content);
    if (expiresAt !== null && parts.clock.now() >= expiresAt) throw new Expired();
    const letter = await letterOf(parts, row, content);
    const heading = { from: parts.sender(), to: row.recipient, messageId: row.messageId, date: row.createdAt };
    const { photo, ...bare } = letter;
    const { envelope, source, subject, text } = await composeMessage(purpose === 'mailbox' ? bare : letter, heading, {
      photoTwice: purpose === 'mail',
    });
    return {
      id: row.id,
      accountId: row.accountId,
      envelope,
      source,
      subject,
      page: {
        text,
        link: pathOf(letter.action?.url),
        photoUrl: photo ? `/api/cameras/${row.cameraId}/events/${row.eventId}/photo` : null,
      },
      secret: isSecret(row.kind),
    };
  };
}

async function letterOf(parts: ComposeParts, row: DeliveryRow, content: DeliveryContent): Promise<Letter> {
  const locale = row.locale === 'fr' ? 'fr' : 'en';
  switch (content.kind) {
    case 'alarm': {
      const { accountId, cameraId, eventId } = row;
      if (accountId === null || cameraId === null || eventId === null) throw new Error('an alarm without its event');
      const photo = await parts.photoOf(accountId, cameraId, eventId).catch((error: unknown) => {
        parts.onError(error);
        return null;
      });
      return alarmLetter({ ...content.payload, cameraId, eventId, photo }, parts.links(), locale);
    }
    case 'code':
      return codeLetter(content.payload, row.createdAt, locale);
    case 'known':
      return knownLetter(parts.links(), locale);
    case 'reset':
      return resetLetter(content.payload, row.createdAt, parts.links(), locale);
    case 'test':
      return testLetter(locale);
    default:
      return content satisfies never;
  }
}

/** What a page of this server links to: without the origin, which the reader has. */
function pathOf(url: string | undefined): string | null {
  if (url === undefined) return null;
  const { pathname, search, hash } = new URL(url);
  return `${pathname}${search}${hash}`;
}
