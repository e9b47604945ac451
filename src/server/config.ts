/** Environment and `.env` enter as text; a checked, frozen configuration leaves, or one line that says which key is wrong. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';

/** A value that stops the start: names the key, what was given and what is accepted. */
export class ConfigError extends Error {
  readonly code = 'config-invalid';
}

const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.number().max(65535))
    .default(fallback);

const address = z.string().refine((value) => {
  const [host = '', bits, ...rest] = value.split('/');
  const version = isIP(host);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
});

const url = (...schemes: string[]) =>
  z.string().refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol));

/** An address whose path, query, fragment, user name and password are empty: where a server is, not what is asked of it. */
const origin = z
  .string()
  .refine((value) => {
    if (!URL.canParse(value) || /[?#]/.test(value)) return false;
    const { protocol, pathname, username, password } = new URL(value);
    return /^https?:$/.test(protocol) && pathname === '/' && username === '' && password === '';
  })
  // Zod runs a transformation only on what passed.
  .transform((value) => new URL(value).origin);

const hostName = z
  .string()
  .refine((value) => isIP(value) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(value));

/** Every key: what is accepted (said in an error, and in docs/operate/configuration.md) and its check. */
export const KEYS = {
  HOST: { accepts: 'an IP address or host name', schema: hostName.optional() },
  PORT: { accepts: 'a port, 0 to 65535 (0: any free one)', schema: port(8080) },
  HTTPS_PORT: { accepts: 'a port, 0 to 65535 (0: no HTTPS)', schema: port(8443) },
  PUBLIC_URL: {
    accepts: 'an http(s) address without path, user name or password, such as https://vigie.example.org',
    schema: origin.optional(),
  },
  TRUSTED_PROXIES: {
    accepts: 'IP addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8',
    schema: z
      .string()
      .transform((value) => value.split(',').map((part) => part.trim()))
      .pipe(z.array(address).min(1))
      .optional(),
  },
  SECRET: { accepts: 'at least 32 characters', schema: z.string().min(32).optional() },
  DATA_DIR: { accepts: 'a folder', schema: z.string().min(1).default('./data') },
  DATABASE_URL: {
    accepts: 'postgres://user:password@host/database',
    schema: url('postgres:', 'postgresql:').optional(),
  },
  REDIS_URL: { accepts: 'nothing yet: this version runs as one process', schema: z.undefined() },
  STORAGE_URL: { accepts: 'nothing yet: this version keeps pictures in DATA_DIR', schema: z.undefined() },
  SMTP_URL: { accepts: 'smtp://user:password@host:port or smtps://…', schema: url('smtp:', 'smtps:').optional() },
  MAIL_FROM: {
    accepts: 'an address, or a name and an address: Vigie <vigie@example.org>',
    schema: z
      .string()
      .regex(/^(?:[^<>\r\n"]{0,80}<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/)
      .optional(),
  },
  DKIM_DOMAIN: { accepts: 'a domain', schema: hostName.optional() },
  DKIM_SELECTOR: {
    accepts: 'letters, digits and -',
    schema: z
      .string()
      .regex(/^[a-z0-9-]{1,63}$/i)
      .optional(),
  },
  DKIM_PRIVATE_KEY: {
    accepts: 'a PEM key, or the path of a file that holds one',
    schema: z.string().min(1).optional(),
  },
  VAPID_SUBJECT: { accepts: 'mailto: or https: address', schema: url('mailto:', 'https:').optional() },
  TURN_URL: { accepts: 'turn:host:port or turns:host:port', schema: url('turn:', 'turns:').optional() },
  TURN_SECRET: { accepts: 'any text', schema: z.string().min(1).optional() },
  STUN_URL: { accepts: 'stun:host:port', schema: url('stun:', 'stuns:').optional() },
  REGISTRATION: { accepts: 'open, invite or closed', schema: z.enum(['open', 'invite', 'closed']).default('open') },
  RETENTION_DAYS: {
    accepts: 'whole days, 1 to 3650',
    schema: z
      .string()
      .regex(/^\d{1,4}$/)
      .transform(Number)
      .pipe(z.number().min(1).max(3650))
      .default(30),
  },
  METRICS_TOKEN: { accepts: 'at least 16 characters', schema: z.string().min(16).optional() },
  HEARTBEAT_URL: { accepts: 'an http(s) address', schema: url('http:', 'https:').optional() },
  LOG_LEVEL: {
    accepts: 'fatal, error, warn, info, debug, trace or silent',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  },
} as const;

type Key = keyof typeof KEYS;
type Values = { [K in Key]: z.output<(typeof KEYS)[K]['schema']> };

/** Configuration of one server; DATA_DIR is absolute. Keys as in docs/operate/configuration.md. */
export type Config = Readonly<Values>;

/** Keys whose value must not be repeated on a screen. */
const SECRET_KEYS: readonly string[] = [
  'SECRET',
  'DATABASE_URL',
  'SMTP_URL',
  'DKIM_PRIVATE_KEY',
  'TURN_SECRET',
  'METRICS_TOKEN',
  'REDIS_URL',
  'STORAGE_URL',
  'HEARTBEAT_URL',
];

function isKey(name: string): name is Key {
  return Object.hasOwn(KEYS, name);
}

function checked<K extends Key>(key: K, given: string | undefined): Values[K] {
  const value = given === undefined || given === '' ? undefined : given;
  const result = KEYS[key].schema.safeParse(value);
  if (result.success) return result.data as Values[K];
  const secret = SECRET_KEYS.includes(key) || (key === 'PUBLIC_URL' && value?.includes('@'));
  const shown = secret ? '(a value that is not shown)' : JSON.stringify(value);
  throw new ConfigError(`${key}: given ${shown}, accepted: ${KEYS[key].accepts}`);
}

/**
 * Reads the configuration. The environment wins over `.env` of the working folder.
 * @throws {ConfigError} for a malformed value, or a key in `.env` that is none of ours.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>, dotEnvPath = '.env'): Config {
  const file = readDotEnv(dotEnvPath);
  for (const name of Object.keys(file)) {
    if (!isKey(name)) throw new ConfigError(`${name}: given in .env, accepted there: ${Object.keys(KEYS).join(', ')}`);
  }
  const values = Object.fromEntries(
    (Object.keys(KEYS) as Key[]).map((key) => [key, checked(key, environment[key] ?? file[key])]),
  ) as Values;
  const dkim = [values.DKIM_DOMAIN, values.DKIM_SELECTOR, values.DKIM_PRIVATE_KEY].filter(
    (value) => value !== undefined,
  );
  if (dkim.length !== 0 && dkim.length !== 3)
    throw new ConfigError(
      'DKIM_DOMAIN: given a part of the DKIM keys, accepted: DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY together',
    );
  return Object.freeze({ ...values, DATA_DIR: resolve(values.DATA_DIR) });
}

function readDotEnv(path: string): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
