import { describe, expect, it } from 'vitest';
import { parseSmtpUrl } from './smtp-settings.ts';

describe('SMTP_URL', () => {
  it('gives host, port, protection and credentials', () => {
    expect(parseSmtpUrl('smtps://someone%40example.org:p%40ss%25@smtp.example.org')).toEqual({
      host: 'smtp.example.org',
      port: 465,
      security: 'tls',
      user: 'someone@example.org',
      password: 'p@ss%',
    });
    expect(parseSmtpUrl('smtp://user:pass@smtp.example.org')).toMatchObject({ port: 587, security: 'starttls' });
    expect(parseSmtpUrl('smtp://127.0.0.1:2525')).toEqual({
      host: '127.0.0.1',
      port: 2525,
      security: 'auto',
      user: null,
      password: null,
    });
    expect(parseSmtpUrl('smtp://[::1]:25')).toMatchObject({ host: '::1', security: 'auto' });
  });

  it('lets a password travel unprotected only within this machine, or where one says so', () => {
    expect(parseSmtpUrl('smtp://user:pass@localhost:1025').security).toBe('auto');
    expect(parseSmtpUrl('smtp://user:pass@192.168.1.2:25').security).toBe('starttls');
    expect(parseSmtpUrl('smtp://user:pass@192.168.1.2:25?security=none').security).toBe('none');
  });

  it.each([
    'smtp://',
    'smtp://user:sesame%@host',
    'smtp://sesame:sesame@host?secure=sesame',
    'smtp://sesame@host?security=sesame',
    'sesame',
  ])('refuses %s in one line that does not repeat it', (url) => {
    expect(() => parseSmtpUrl(url)).toThrow(/^SMTP_URL: given [^\n]+, accepted: [^\n]+$/);
    expect(() => parseSmtpUrl(url)).not.toThrow('sesame');
  });
});
