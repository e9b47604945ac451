/** A letter and the settings in use enter; what the mail server said to it leaves, within seconds. */
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../ports/clock.ts';
import type { MailTest } from '../shared/settings.ts';
import type { Letter } from './letter.ts';
import type { Mailer } from './mailer.ts';
import { composeMessage } from './message.ts';
import type { MailSettings } from './settings.ts';

/** Longest wait for the server, milliseconds. */
const ANSWER_MILLIS = 15_000;

export interface TestMailParts {
  readonly settings: MailSettings;
  readonly mailer: Mailer;
  readonly clock: Clock;
}

/** Sends one message now, past the outbox: who asks wants the answer, not a later success. */
export async function sendTestMail(parts: TestMailParts, letter: Letter, recipient: string): Promise<MailTest> {
  const smtp = parts.settings.smtp();
  if (smtp === null) return { result: 'no-mail-server', said: null };
  const id = uuidv7();
  const heading = {
    from: parts.settings.sender(),
    to: recipient,
    messageId: `<${id}@${parts.settings.messageIdDomain()}>`,
    date: parts.clock.now(),
  };
  const { envelope, source, subject, text } = await composeMessage(letter, heading);
  const parcel = {
    id,
    accountId: null,
    envelope,
    source,
    subject,
    page: { text, link: null, photoUrl: null },
    secret: false,
  };
  let late = false;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<MailTest>((resolve) => {
    timer = setTimeout(() => {
      late = true;
      resolve({ result: 'timeout', said: null });
    }, ANSWER_MILLIS);
  });
  const sent = parts.mailer.transport(smtp).send(parcel, async () => !late);
  const answer = sent.then((outcome): MailTest => {
    if (outcome.kind === 'withdrawn') return { result: 'timeout', said: null };
    return { result: outcome.kind === 'sent' ? 'sent' : outcome.code, said: outcome.said };
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
