/** What the server and its mailer process say to each other; the shapes leave. */
import type { SmtpSettings } from '../../shared/settings.ts';
import type { DkimKey } from '../dkim.ts';
import type { Envelope, Outcome } from '../transport.ts';

/** To the mailer. Jobs are numbered from 1 by the server. */
export type ToMailer =
  | {
      readonly type: 'send';
      readonly job: number;
      readonly settings: SmtpSettings;
      readonly dkim: DkimKey | null;
      readonly envelope: Envelope;
      readonly source: Uint8Array;
    }
  /** Answer to `at-dot`: end the message, or drop the connection without. */
  | { readonly type: 'end'; readonly job: number; readonly go: boolean }
  /** Have a connection ready. */
  | { readonly type: 'warm'; readonly settings: SmtpSettings };

/** From the mailer. */
export type FromMailer =
  /** All but the end of the message has gone. */
  | { readonly type: 'at-dot'; readonly job: number }
  | { readonly type: 'outcome'; readonly job: number; readonly outcome: Outcome };
