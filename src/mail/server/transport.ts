/** A finished message and its envelope enter; what became of it leaves. Spoken by SMTP and by the mailbox in the app. */
import type { FailureCode } from '../shared/settings.ts';

/** Who it is from and for, as SMTP sees it (RFC 5321 § 2.3.1); the message's own header may say more. */
export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** A message ready to go. */
export interface Parcel {
  /** The delivery's id: the same on every try. */
  readonly id: string;
  /** Null: to somebody without account. */
  readonly accountId: string | null;
  readonly envelope: Envelope;
  /** The message, RFC 5322, lines end in CRLF. */
  readonly source: Buffer;
  readonly subject: string;
  /** What a page shows of it: plain text, where it leads, its picture. Paths or addresses. */
  readonly page: { readonly text: string; readonly link: string | null; readonly photoUrl: string | null };
  /** It opens an account (code, reset link): only to be sent to the address itself. */
  readonly secret: boolean;
}

export type Outcome =
  /** Accepted; the server's last words. */
  | { readonly kind: 'sent'; readonly said: string | null }
  /** Nobody should try this again. */
  | { readonly kind: 'refused'; readonly code: FailureCode; readonly said: string | null }
  /** Not now: this message (`message`), the server for every message (`server`), or either: it ended at this one (`session`). */
  | {
      readonly kind: 'later';
      readonly scope: 'message' | 'session' | 'server';
      readonly code: FailureCode;
      readonly said: string | null;
    }
  /** The final dot went out and no answer came: it may have arrived. */
  | { readonly kind: 'unknown'; readonly code: FailureCode; readonly said: string | null }
  /** `atDot` said no. */
  | { readonly kind: 'withdrawn' };

export interface MailTransport {
  readonly channel: 'mail' | 'mailbox';
  /**
   * Tries once. Never rejects.
   *
   * @param atDot asked when all but the end has gone; the message ends only after it resolved with true
   */
  send(parcel: Parcel, atDot: () => Promise<boolean>): Promise<Outcome>;
  /** Something may have to go soon: get ready. Cheap when ready already. */
  warm(): void;
}
