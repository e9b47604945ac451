/** A letter and the settings in use enter; what the mail server said to it leaves, within seconds. */
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../ports/clock.ts';
import type { MailTest } from '../shared/settings.ts';
import type { Letter } from './letter.ts';
import type { Mailbox } from './mailbox.ts';
import type { Mailer } from './mailer.ts';
import { composeMessage } from './message.ts';
import type { MailSettings } from './settings.ts';
import type { Outcome, Parcel } from './transport.ts';

/** Longest wait for the server, milliseconds. */
const ANSWER_MILLIS = 15_000;

export interface TestMailParts {
  readonly settings: MailSettings;
  readonly mailer: Mailer;
  /** Takes it where no mail server is set. */
  readonly mailbox: Mailbox;
  readonly clock: Clock;
}

/** Sends one message now, past the outbox: who asks wants the answer, not a later success. */
export async function sendTestMail(
  parts: TestMailParts,
  letter: Letter,
  person: { readonly id: string; readonly email: string },
): Promise<MailTest> {
  const { settings, mailer, mailbox, clock } = parts;
  const id = uuidv7();
  const messageId = `<${id}@${settings.messageIdDomain()}>`;
  const heading = { from: settings.sender(), to: person.email, messageId, date: clock.now() };
  const message = await composeMessage(letter, heading);
  const parcel: Parcel = {
    id,
    accountId: person.id,
    envelope: message.envelope,
    source: message.source,
    subject: message.subject,
    page: { text: message.text, link: null, photoUrl: null },
    secret: false,
  };
  const smtp = settings.smtp();
  if (smtp !== null) return withinTime((atDot) => mailer.transport(smtp).send(parcel, atDot));
  await mailbox.transport.send(parcel, async () => true);
  return { result: 'no-mail-server', said: null };
}

/** After the time is over, the message is not ended any more. */
async function withinTime(send: (atDot: () => Promise<boolean>) => Promise<Outcome>): Promise<MailTest> {
  let late = false;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<MailTest>((resolve) => {
    timer = setTimeout(() => {
      late = true;
      resolve({ result: 'timeout', said: null });
    }, ANSWER_MILLIS);
  });
  const answer = send(async () => !late).then((outcome): MailTest => {
    if (outcome.kind === 'withdrawn') return { result: 'timeout', said: null };
    return { result: outcome.kind === 'sent' ? 'sent' : outcome.code, said: outcome.said };
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
