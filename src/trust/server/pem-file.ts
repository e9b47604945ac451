/** A key with its certificate enters and is on disk, readable by its owner only; a file enters and they leave. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeyAndCertificate } from './authority.ts';

/** A key and certificate that fit each other. */
export interface Stored extends KeyAndCertificate {
  readonly x509: X509Certificate;
}

const BLOCK = /-----BEGIN (PRIVATE KEY|CERTIFICATE)-----[\s\S]+?-----END \1-----/g;

/** Both go into one file, so that no crash leaves a key without its certificate; temporary name, fsync, rename. */
export async function writePair(path: string, pair: KeyAndCertificate): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(`${pair.cert.trim()}\n${pair.key.trim()}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const entry = await open(folder, 'r');
  await entry.sync().finally(() => entry.close());
}

/** Null where there is no file. @throws Error where it holds no key and certificate that fit each other. */
export async function readPair(path: string): Promise<Stored | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return pairOf(text, path);
}

function pairOf(text: string, path: string): Stored {
  const blocks = [...text.matchAll(BLOCK)];
  const key = blocks.find((block) => block[1] === 'PRIVATE KEY')?.[0];
  const cert = blocks.find((block) => block[1] === 'CERTIFICATE')?.[0];
  if (key === undefined || cert === undefined) throw new Error(`${path} does not hold a key and a certificate`);
  const x509 = new X509Certificate(cert);
  if (!x509.checkPrivateKey(createPrivateKey(key))) throw new Error(`${path} holds a key of another certificate`);
  return { key, cert, x509 };
}
