import { beforeAll, expect, test, vi } from 'vitest';
import type { TimelineEvent } from '../../events/shared/schema.ts';

let whyOf: typeof import('./words.ts').whyOf;
beforeAll(async () => {
  vi.stubGlobal('document', { cookie: '' });
  vi.stubGlobal('navigator', { languages: ['en'] });
  vi.stubGlobal('location', { protocol: 'https:' });
  ({ whyOf } = await import('./words.ts'));
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
  const said = ['track-ended', 'track-muted', 'no-frames', 'page-gone'].map((code) => whyOf(gap(code)));
  const bare = whyOf(gap('what-no-page-knows'));
  expect(bare).not.toBe('');
  expect(new Set([...said, bare]).size).toBe(5);
  for (const text of said) expect(text.startsWith(`${bare}:`)).toBe(true);
  expect(said[3]).toContain('closed or reloaded');
});
