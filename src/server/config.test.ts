import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, KEYS, readConfig } from './config.ts';

let folder: string;
let dotEnv: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-config-'));
  dotEnv = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (environment: Record<string, string> = {}) => readConfig(environment, dotEnv);

describe('configuration', () => {
  it('has a default for everything that a household leaves unset', () => {
    const config = read();
    expect(config).toMatchObject({
      PORT: 8080,
      HTTPS_PORT: 8443,
      REGISTRATION: 'open',
      RETENTION_DAYS: 30,
      LOG_LEVEL: 'info',
    });
    expect(config.HOST).toBeUndefined();
    expect(isAbsolute(config.DATA_DIR)).toBe(true);
  });

  it('reads .env, and the environment wins over it', () => {
    writeFileSync(dotEnv, 'PORT=9000\nREGISTRATION=closed\n');
    expect(read({ PORT: '9001' })).toMatchObject({ PORT: 9001, REGISTRATION: 'closed' });
  });

  it('takes an empty value as unset', () => {
    expect(read({ SMTP_URL: '', PORT: '' })).toMatchObject({ PORT: 8080, SMTP_URL: undefined });
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '65536'],
    ['HTTPS_PORT', '-1'],
    ['HOST', 'not a host'],
    ['PUBLIC_URL', 'https://example.org/path'],
    ['PUBLIC_URL', 'ftp://example.org'],
    ['PUBLIC_URL', 'vigie.example.org'],
    ['PUBLIC_URL', 'https://'],
    ['PUBLIC_URL', 'http://['],
    ['PUBLIC_URL', 'https://me@example.org'],
    ['PUBLIC_URL', 'https://:word@example.org'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'everyone'],
    ['SECRET', 'short'],
    ['DATABASE_URL', 'mysql://host/db'],
    ['REDIS_URL', 'redis://localhost'],
    ['STORAGE_URL', 's3://bucket'],
    ['SMTP_URL', 'http://mail.example.org'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'a@example.org\r\nBcc: b@example.org'],
    ['REGISTRATION', 'maybe'],
    ['RETENTION_DAYS', '0'],
    ['RETENTION_DAYS', '1.5'],
    ['LOG_LEVEL', 'loud'],
  ])('stops at %s=%s with one line that names the key and what is accepted', (key, value) => {
    const start = () => read({ [key]: value });
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(new RegExp(`^${key}: given .*, accepted: .+$`));
  });

  it('never repeats a secret', () => {
    expect(() => read({ SECRET: 'hunter2' })).toThrow(/^(?!.*hunter2)/);
    expect(() => read({ PUBLIC_URL: 'https://me:hunter2@example.org' })).toThrow(/^(?!.*hunter2)/);
    expect(() => read({ SMTP_URL: 'imap://me:hunter2@host' })).toThrow(/^(?!.*hunter2)/);
  });

  it('stops at a key in .env that is none of ours', () => {
    writeFileSync(dotEnv, 'PROT=9000\n');
    expect(() => read()).toThrow(/^PROT: given in \.env, accepted there: HOST, PORT/);
  });

  it('wants the DKIM keys together', () => {
    expect(() => read({ DKIM_DOMAIN: 'example.org' })).toThrow(/DKIM_SELECTOR/);
  });

  it('reduces the public address to its origin', () => {
    expect(read({ PUBLIC_URL: 'https://vigie.example.org/' }).PUBLIC_URL).toBe('https://vigie.example.org');
  });

  it('says for every key what it accepts', () => {
    for (const key of Object.values(KEYS)) expect(key.accepts.length).toBeGreaterThan(4);
  });
});
