import { describe, expect, it } from 'vitest';
import { GUIDES, systemOf } from './systems.ts';

describe('the system of a browser', () => {
  it.each([
    [
      'android',
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
      5,
    ],
    [
      'ios',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      5,
    ],
    [
      'ios',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
      5,
    ],
    [
      'macos',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
      0,
    ],
    ['windows', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0', 10],
    [
      'linux',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
      0,
    ],
    [null, 'curl/8', 0],
  ] as const)('is %s for %s', (system, userAgent, maxTouchPoints) => {
    expect(systemOf({ userAgent, maxTouchPoints })).toBe(system);
  });

  it('has a guide each, with steps in words', () => {
    for (const guide of GUIDES) for (const step of guide.steps) expect(step().length).toBeGreaterThan(10);
    expect(new Set(GUIDES.map((guide) => guide.system)).size).toBe(5);
  });

  it('tells iPhones of the second switch', () => {
    expect(
      GUIDES.find((guide) => guide.system === 'ios')
        ?.steps.map((step) => step())
        .join(' '),
    ).toContain('Certificate Trust Settings');
  });
});
