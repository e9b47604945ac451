/** What a camera saw enters; the letter that tells its account leaves. */
import type { Letter } from '../../../mail/server/letter.ts';
import { nameInSentence, oneLine } from '../../../mail/server/one-line.ts';
import { m } from '../../../messages/generated/messages.js';
import type { Payload } from '../payload.ts';
import { clockTime, fileTime, type Locale, longTime } from './capture-time.ts';
import type { Links } from './links.ts';

export interface AlarmFacts extends Payload<'alarm'> {
  readonly cameraId: string;
  readonly eventId: string;
  /** JPEG; null: it has not arrived. */
  readonly photo: Buffer | null;
}

export function alarmLetter(facts: AlarmFacts, links: Links, locale: Locale): Letter {
  const camera = nameInSentence(facts.cameraName);
  const time = longTime(facts.startedAt, facts.timeZone, locale);
  const options = { locale };
  return {
    locale,
    // Programs look for the time with plain spaces.
    subject: m.mail_alarm_subject(
      { camera, time: clockTime(facts.startedAt, facts.timeZone, locale).replaceAll('\u00a0', ' ') },
      options,
    ),
    title: m.mail_alarm_title({}, options),
    paragraphs: [
      m.mail_alarm_where({ camera, time }, options),
      ...(facts.photo === null ? [m.mail_alarm_no_photo({}, options)] : []),
    ],
    action: { label: m.mail_alarm_link({}, options), url: links.event(facts.cameraId, facts.eventId) },
    notes: [...(links.homeOnly ? [m.mail_home_only({}, options)] : []), m.mail_alarm_why({}, options)],
    ...(facts.photo !== null && {
      photo: {
        bytes: facts.photo,
        fileName: `${fileName(facts.cameraName)}_${fileTime(facts.startedAt, facts.timeZone)}.jpg`,
        description: m.mail_alarm_photo({ camera, time }, options),
      },
    }),
  };
}

/** Letters and digits of any script; all else would trouble one system or another. */
function fileName(cameraName: string): string {
  const plain = oneLine(cameraName)
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  return plain === '' ? 'camera' : plain;
}
