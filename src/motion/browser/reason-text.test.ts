import { describe, expect, it } from 'vitest';
import type { Reason, ReasonCode } from '../shared/reason.ts';
import { reasonText } from './reason-text.ts';

const CODES: Record<ReasonCode, true> = {
  quiet: true,
  learning: true,
  object: true,
  confirming: true,
  settled: true,
  'too-small': true,
  'light-change': true,
  'local-light': true,
  weather: true,
  'too-fast': true,
  sway: true,
};

function reason(code: ReasonCode): Reason {
  return { code, areaRatio: 0.1234, thresholdRatio: 0.0006, seconds: 0.42, gain: 1 };
}

describe('reason text', () => {
  it('says who is there and for how long', () => {
    expect(reasonText(reason('object'), 'en')).toBe('Somebody is there: 12% of the picture, for 0.4 sec.');
    expect(reasonText(reason('object'), 'fr')).toBe('Quelqu’un est là\u00a0: 12\u00a0% de l’image, depuis 0,4\u202fs.');
  });

  it('has a sentence of its own for each cause in each language', () => {
    for (const locale of ['en', 'fr'] as const) {
      const texts = Object.keys(CODES).map((code) => reasonText(reason(code as ReasonCode), locale));
      expect(new Set(texts).size).toBe(texts.length);
      for (const text of texts) expect(text).toMatch(/^\p{Lu}.*[.?]$/u);
    }
  });
});
