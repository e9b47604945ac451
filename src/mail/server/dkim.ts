/** The DKIM settings enter; the key that signs what we send leaves (RFC 6376). */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MailConfigError } from './config-error.ts';

export interface DkimKey {
  readonly domain: string;
  /** Name of the public key's DNS record: `<selector>._domainkey.<domain>`. */
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

export interface DkimConfig {
  readonly DKIM_DOMAIN?: string | undefined;
  readonly DKIM_SELECTOR?: string | undefined;
  readonly DKIM_PRIVATE_KEY?: string | undefined;
}

/**
 * Null where nothing is set. `DKIM_PRIVATE_KEY` is the PEM itself (`\n` written out is understood) or a file's path.
 * @throws {MailConfigError} where the file cannot be read or holds no RSA key.
 */
export function readDkimKey(config: DkimConfig): DkimKey | null {
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_PRIVATE_KEY: given } = config;
  if (domain === undefined || selector === undefined || given === undefined) return null;
  const privateKey = given.includes('-----BEGIN') ? given.replaceAll('\\n', '\n') : readKeyFile(given);
  let type: string | undefined;
  try {
    type = createPrivateKey(privateKey).asymmetricKeyType;
  } catch {
    throw new MailConfigError(
      'DKIM_PRIVATE_KEY: given no private key, accepted: a PEM key, or the path of a file that holds one',
    );
  }
  // Ed25519 (RFC 8463) is still unknown to most who check, and to the signer.
  if (type !== 'rsa') throw new MailConfigError(`DKIM_PRIVATE_KEY: given a key of type ${type}, accepted: an RSA key`);
  return { domain, selector, privateKey };
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new MailConfigError(
      'DKIM_PRIVATE_KEY: given a file that cannot be read, accepted: a PEM key, or the path of a file that holds one',
    );
  }
}
