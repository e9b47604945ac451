/** A password enters; its argon2id hash in PHC form leaves, and later whether another is the same. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { RetryLater } from '../../ports/errors.ts';

const hashAsync = promisify(argon2);

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane. Memory in KiB. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const TAG_LENGTH = 32;
const SALT_LENGTH = 16;
/** Hashes computed at once: a flood of sign-ins must take neither the memory nor every thread of the pool. */
const AT_ONCE = 2;
const WAITING_MAX = 100;
/** A full queue is through by then. */
const BUSY_SECONDS = 5;

const PHC = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{10,})\$([A-Za-z0-9+/]{20,})$/;

/** Hashes a password, in normal form KC, with a salt of its own. @throws {ApiError} 503 `busy` when too many wait. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_LENGTH);
  const tag = await compute(password, salt, COST, TAG_LENGTH);
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** Whether a password is the one of a hash; a hash in another form fits none. @throws {ApiError} 503 `busy`. */
export async function verifyPassword(hash: string, password: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(hash) ?? [];
  if (salt === undefined || tag === undefined) return false;
  const expected = Buffer.from(tag, 'base64');
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  return timingSafeEqual(await compute(password, Buffer.from(salt, 'base64'), cost, expected.length), expected);
}

/** Takes as long as checking a password, where there is none to check: so that an unknown address answers no sooner. */
export async function verifyNothing(password: string): Promise<false> {
  await compute(password, randomBytes(SALT_LENGTH), COST, TAG_LENGTH);
  return false;
}

function compute(
  password: string,
  nonce: Buffer,
  cost: { memory: number; passes: number; parallelism: number },
  tagLength: number,
): Promise<Buffer> {
  return inTurn(() => hashAsync('argon2id', { message: password.normalize('NFKC'), nonce, ...cost, tagLength }));
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING_MAX)
      throw new RetryLater(503, 'busy', 'Too many sign-ins at once. Try again in a moment.', BUSY_SECONDS);
    await new Promise<void>((turn) => waiting.push(turn));
  } else running++;
  try {
    return await work();
  } finally {
    // The place goes straight to who waited longest, so that nobody slips in between.
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
