import { createVerify, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { decode, encode } from 'jpeg-js';
import { type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { codeLetter } from '../../alerts/server/letters/account.ts';
import { alarmLetter } from '../../alerts/server/letters/alarm.ts';
import { linksOf } from '../../alerts/server/letters/links.ts';
import { readDkimKey } from './dkim.ts';
import { sign } from './mailer/sign.ts';
import { composeMessage, type Heading } from './message.ts';

const CAPTURED_AT = Date.UTC(2026, 10, 22, 13, 31, 7);
const HEADING: Heading = {
  from: { name: 'Vigie', address: 'vigie@example.org' },
  to: 'someone@example.net',
  messageId: '<0193a000-0000-7000-8000-00000000000a@example.org>',
  date: CAPTURED_AT + 500,
};
const FACTS = {
  cameraName: 'Living room',
  cameraId: 'c',
  eventId: 'e',
  startedAt: CAPTURED_AT,
  timeZone: 'Europe/Paris',
};
const LINKS = linksOf('https://vigie.example.org', false);

/** Left half red, right half blue. */
function photo(): Buffer {
  const data = Buffer.alloc(64 * 48 * 4, 255);
  for (let at = 0; at < data.length; at += 4) {
    const left = (at / 4) % 64 < 32;
    data.set(left ? [220, 20, 20] : [20, 20, 220], at);
  }
  return encode({ width: 64, height: 48, data }, 95).data;
}

function lookAt(attachment: Attachment | undefined): void {
  if (attachment === undefined) throw new Error('no photo');
  const { width, height, data } = decode(attachment.content, { useTArray: true });
  expect([width, height]).toEqual([64, 48]);
  const pixel = (x: number, y: number) => [...data.subarray((y * 64 + x) * 4, (y * 64 + x) * 4 + 3)];
  expect(pixel(8, 24)[0]).toBeGreaterThan(180);
  expect(pixel(8, 24)[2]).toBeLessThan(70);
  expect(pixel(56, 24)[2]).toBeGreaterThan(180);
}

async function alarm(
  change: Partial<typeof FACTS> = {},
  locale: 'en' | 'fr' = 'en',
  withPhoto = true,
  links = LINKS,
): Promise<ParsedMail> {
  const letter = alarmLetter({ ...FACTS, ...change, photo: withPhoto ? photo() : null }, links, locale);
  return simpleParser((await composeMessage(letter, HEADING)).source);
}

describe('an alarm', () => {
  it('has the photo inline and attached, and its pixels are those of the camera', async () => {
    const mail = await alarm();
    const [inline, attached, ...rest] = mail.attachments;
    expect(rest).toEqual([]);
    expect(inline).toMatchObject({
      contentType: 'image/jpeg',
      contentDisposition: 'inline',
      related: true,
      cid: 'photo@vigie',
    });
    expect(attached).toMatchObject({
      contentType: 'image/jpeg',
      contentDisposition: 'attachment',
      filename: 'Living-room_2026-11-22_14-31-07.jpg',
    });
    lookAt(inline);
    lookAt(attached);
    expect(mail.html).toMatch(/<img src="(cid:photo@vigie|data:image\/jpeg;base64,[^"]+)" alt="Photo: Living room, /);
  });

  it('says who, where, when and what to open, in English', async () => {
    const mail = await alarm();
    expect(mail.subject).toBe('Movement detected: Living room, 14:31');
    expect(mail.from?.text).toBe('"Vigie" <vigie@example.org>');
    expect([mail.to].flat()[0]?.text).toBe('someone@example.net');
    // A Date header has no milliseconds.
    expect(mail.date?.getTime()).toBe(CAPTURED_AT);
    expect(mail.messageId).toBe(HEADING.messageId);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.text).toMatch(/Living room, Sunday,? 22 November 2026, 14:31:07 \(Europe\/Paris\)/);
    expect(mail.text).toContain('See the event:\nhttps://vigie.example.org/events#c.e');
    expect(mail.html).toContain('href="https://vigie.example.org/events#c.e"');
    expect(mail.text).not.toContain('at home only');
  });

  it('says so in French, with its no-break spaces', async () => {
    const mail = await alarm({ cameraName: 'Salon' }, 'fr');
    expect(mail.subject).toBe('Mouvement détecté\u00a0: Salon, 14 h 31');
    expect(mail.text).toContain(
      'Salon, dimanche 22 novembre 2026, 14\u00a0h\u00a031\u00a0min\u00a007\u00a0s (Europe/Paris)',
    );
    expect(mail.text).toContain('Voir l’événement\u00a0:\nhttps://vigie.example.org/events#c.e');
    expect(mail.html).toContain('<html lang="fr">');
  });

  it('says the first of a month as people say it in French', async () => {
    const first = { startedAt: Date.UTC(2026, 10, 1, 12) };
    expect((await alarm(first, 'fr')).text).toContain('dimanche 1er novembre 2026, ');
    expect((await alarm(first)).text).toMatch(/Sunday,? 1 November 2026, /);
  });

  it('takes the camera’s zone, and UTC where it is none', async () => {
    expect((await alarm({ timeZone: 'Asia/Kolkata' })).subject).toBe('Movement detected: Living room, 19:01');
    expect((await alarm({ timeZone: 'Nowhere/AtAll' })).subject).toBe('Movement detected: Living room, 13:31');
    expect((await alarm({ startedAt: Date.UTC(2026, 0, 1, 23, 5), timeZone: 'Europe/Paris' })).subject).toBe(
      'Movement detected: Living room, 00:05',
    );
  });

  it('says that a link works at home only, and that a photo is missing', async () => {
    const mail = await alarm({}, 'en', false, linksOf('https://vigie.local:8443', true));
    expect(mail.attachments).toEqual([]);
    expect(mail.text).toContain('works at home only');
    expect(mail.text).toContain('The photo has not reached the server yet');
    expect(mail.html).not.toContain('<img');
  });

  it('carries a large photo once', async () => {
    const letter = alarmLetter({ ...FACTS, photo: Buffer.alloc(2_000_000, 1) }, LINKS, 'en');
    const { attachments } = await simpleParser((await composeMessage(letter, HEADING)).source);
    expect(attachments.map(({ contentDisposition }) => contentDisposition)).toEqual(['inline']);
  });
});

describe('whatever a camera is called', () => {
  const names = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
    fc
      .array(
        fc.constantFrom(
          '\r\n',
          '\n',
          '\r',
          'Bcc: all@example.org',
          '"',
          '<',
          '>',
          '=?utf-8?q?=0A?=',
          '.',
          '\0',
          '😀',
          'שלום',
          '\u202e',
          ' ',
          'é',
          '</title>',
          '\u2028',
        ),
        { minLength: 1, maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  );

  it('no header is added, no line is too long or broken, and the subject says the name', async () => {
    const plain = await alarm({ cameraName: 'x' }, 'en', false);
    const headers = [...plain.headers.keys()].sort();
    await fc.assert(
      fc.asyncProperty(names, async (cameraName) => {
        const letter = alarmLetter({ ...FACTS, cameraName, photo: null }, LINKS, 'en');
        const { source, subject } = await composeMessage(letter, HEADING);
        const text = source.toString('latin1');
        expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/);
        // RFC 5322 § 2.1.1
        for (const line of text.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
        expect(text.slice(0, text.indexOf('\r\n\r\n'))).toMatch(/^[\x20-\x7e\r\n\t]*$/);
        const mail = await simpleParser(source);
        expect([...mail.headers.keys()].sort()).toEqual(headers);
        expect([mail.to].flat()[0]?.value).toEqual([{ address: 'someone@example.net', name: '' }]);
        expect(mail.subject).toBe(subject);
        expect(mail.html).not.toMatch(/<\/title>[^\n]*<\/title>/);
      }),
      // A header is folded at a space: of two, one was lost.
      { numRuns: 150, examples: [['Bcc: all@example.org</title>=?utf-8?q?=0A?= \r\n.']] },
    );
  });
});

describe('DKIM', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  it('signs what a receiver can verify with the public key (RFC 6376 § 3.7)', async () => {
    const key = readDkimKey({
      DKIM_DOMAIN: 'example.org',
      DKIM_SELECTOR: 'vigie',
      DKIM_PRIVATE_KEY: pem.replaceAll('\n', '\\n'),
    });
    if (key === null) throw new Error('no key');
    const source = await sign(
      (await composeMessage(alarmLetter({ ...FACTS, photo: photo() }, LINKS, 'fr'), HEADING)).source,
      key,
    );
    const message = source.toString('latin1');
    const header = message.slice(0, message.indexOf('\r\n\r\n'));
    const fields = header.split(/\r\n(?![ \t])/);
    const signature = fields.find((field) => /^dkim-signature:/i.test(field)) ?? '';
    const relaxed = (field: string) => {
      const colon = field.indexOf(':');
      return `${field.slice(0, colon).toLowerCase().trim()}:${field
        .slice(colon + 1)
        .replace(/\r\n/g, '')
        .replace(/[ \t]+/g, ' ')
        .trim()}`;
    };
    const tags = Object.fromEntries(
      signature
        .slice(signature.indexOf(':') + 1)
        .split(';')
        .map((tag) => tag.split(/=(.*)/s).map((part) => part?.replace(/\s+/g, ''))),
    );
    expect(tags).toMatchObject({ v: '1', a: 'rsa-sha256', d: 'example.org', s: 'vigie' });
    const signed = String(tags.h)
      .split(':')
      .map((name) => fields.findLast((field) => field.toLowerCase().startsWith(`${name}:`)) ?? '');
    expect(String(tags.h).split(':')).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id']));
    const base = [...signed.map(relaxed), relaxed(signature.replace(/(;\s*b=)[\s\S]*$/, '$1'))].join('\r\n');
    const verify = (text: string) =>
      createVerify('sha256').update(text, 'latin1').verify(publicKey, String(tags.b), 'base64');
    expect(verify(base)).toBe(true);
    expect(verify(base.replace('someone', 'another'))).toBe(false);
  });

  it('refuses what is no RSA key, without repeating it', () => {
    const config = (DKIM_PRIVATE_KEY: string) => ({
      DKIM_DOMAIN: 'example.org',
      DKIM_SELECTOR: 'vigie',
      DKIM_PRIVATE_KEY,
    });
    expect(() => readDkimKey(config('/no/such/file'))).toThrow(/^DKIM_PRIVATE_KEY: given a file that cannot be read/);
    expect(() => readDkimKey(config('-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----'))).toThrow(
      /^DKIM_PRIVATE_KEY: given no private key/,
    );
    const other = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => readDkimKey(config(other))).toThrow(/ed25519, accepted: an RSA key/);
    expect(readDkimKey({})).toBeNull();
  });
});

describe('a code', () => {
  it('is in the subject and in the text, and says how long it works', async () => {
    const letter = codeLetter({ code: '012345', expiresAt: CAPTURED_AT + 600_000 }, CAPTURED_AT, 'fr');
    const mail = await simpleParser((await composeMessage(letter, HEADING)).source);
    expect(mail.subject).toBe('Votre code\u00a0: 012345');
    expect(mail.text).toContain('012345');
    expect(mail.text).toContain('pendant 10\u00a0minutes');
  });
});
