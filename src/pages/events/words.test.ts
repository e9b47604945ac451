import { beforeAll, expect, test, vi } from 'vitest';
import type { TimelineEvent } from '../../events/shared/schema.ts';

let words: typeof import('./words.ts');
beforeAll(async () => {
  vi.stubGlobal('document', { cookie: '' });
  vi.stubGlobal('navigator', { languages: ['en'] });
  vi.stubGlobal('location', { protocol: 'https:' });
  words = await import('./words.ts');
});

const gap = (code: string): TimelineEvent => ({
  id: '01900000-0000-7000-8000-000000000001',
  cameraId: '01900000-0000-7000-8000-000000000002',
  cameraName: 'Hall',
  kind: 'gap',
  startedAt: 1000,
  endedAt: 2000,
  receivedAt: 2000,
  timeZone: 'Europe/Paris',
  score: 0,
  reason: { code, values: {} },
  boxes: [],
  continues: null,
  hasPhoto: false,
  clipParts: 0,
  clipType: null,
  clipComplete: false,
  deliveries: [],
});

test('each cause of a gap that a camera sends is said, a page that went too', () => {
  const said = ['track-ended', 'track-muted', 'no-frames', 'page-gone'].map((code) => words.whyOf(gap(code)));
  const bare = words.whyOf(gap('what-no-page-knows'));
  expect(bare).not.toBe('');
  expect(new Set([...said, bare]).size).toBe(5);
  for (const text of said) expect(text.startsWith(`${bare}:`)).toBe(true);
  expect(said[3]).toContain('closed or reloaded');
});

test('who was told is said by the camera’s clock, with the day where the mail waited for another one', () => {
  const event = { ...gap('no-frames'), timeZone: 'Asia/Tokyo', startedAt: Date.parse('2026-11-22T13:31:07Z') };
  const told = (sentAt: string, channel: 'mail' | 'mailbox' = 'mail') =>
    words.toldText(
      { channel, recipient: 'ann@example.org', state: 'sent', sentAt: Date.parse(sentAt), error: null },
      event,
    );
  expect(told('2026-11-22T13:31:09Z')).toBe('Mail to ann@example.org at 22:31:09');
  expect(told('2026-11-22T15:00:00Z')).toBe('Mail to ann@example.org on 23 Nov at 00:00:00');
  expect(told('2026-11-22T15:00:00Z', 'mailbox')).toBe('In the app’s mailbox on 23 Nov at 00:00:00');
});
