/** The mails that an account finds in the app: unknown enters, checked values leave. */
import { z } from 'zod';

export const MailboxMessage = z.object({
  id: z.uuid(),
  subject: z.string(),
  /** Milliseconds since 1970. */
  receivedAt: z.number().int(),
  /** Plain text, lines end in LF. */
  text: z.string(),
  /** Page of this server that it leads to, from its root. */
  link: z.string().nullable(),
  /** Path of its photo; it answers 404 once the event is deleted. */
  photoUrl: z.string().nullable(),
});
export type MailboxMessage = z.infer<typeof MailboxMessage>;

/** Answer of `GET /api/mailbox`; newest first. */
export const MailboxList = z.object({ messages: z.array(MailboxMessage) });
export type MailboxList = z.infer<typeof MailboxList>;
