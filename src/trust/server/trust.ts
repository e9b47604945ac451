/** A data folder and the machine's addresses enter; the certificate that HTTPS shows leaves, kept up to date while the server runs. */

import { rename } from 'node:fs/promises';
import { networkInterfaces, hostname as systemHostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import type { KeyAndCertificate } from './authority.ts';
import { type Interfaces, type ServerNames, serverNames } from './names.ts';
import { readPair, type Stored, writePair } from './pem-file.ts';
import { routeAddress } from './route-address.ts';

/** What this room says to the server's log. */
export interface TrustLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface TrustOptions {
  /** Keys go into its folder `trust`, mode 0600. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: TrustLog;
  /** Instead of the machine's own. */
  readonly hostname?: string;
  readonly interfaces?: () => Interfaces;
  /** Instead of the machine's own default route: its address. */
  readonly route?: () => Promise<string | null>;
}

/** The local certificate authority of a running server. */
export interface Trust {
  /** For `https.createServer` and `setSecureContext`. */
  secureContext(): KeyAndCertificate;
  /** Certificate of the authority, PEM: what a phone is asked to trust. */
  readonly caPem: string;
  /** SHA-256 of the authority's certificate, upper-case hex pairs with colons, as systems show it. */
  readonly caFingerprint: string;
  /** What the leaf names now. */
  names(): ServerNames;
  /** Calls back when the leaf was made again. Gives the way to stop that. */
  onChange(listener: (context: KeyAndCertificate) => void): () => void;
  /** Looks at addresses and dates now, as it does every minute by itself. */
  check(): Promise<void>;
  close(): void;
}

const DAY_MILLIS = 24 * 60 * 60 * 1000;
/** A leaf is made again this long before its end. */
const RENEW_DAYS = 30;
const CHECK_MILLIS = 60_000;

/** Reads, or makes at the first start, the authority and a leaf for the machine's present addresses. */
export async function createTrust(options: TrustOptions): Promise<Trust> {
  const { clock, log } = options;
  const folder = join(options.dataDir, 'trust');
  const hostname = options.hostname ?? systemHostname();
  const interfaces = options.interfaces ?? networkInterfaces;
  const authority = await readOrMakeAuthority(join(folder, 'authority.pem'), hostname, clock, log);
  const leafPath = join(folder, 'leaf.pem');
  const listeners = new Set<(context: KeyAndCertificate) => void>();
  const route = options.route ?? routeAddress;
  let names = serverNames(hostname, interfaces(), await route());
  let leaf = await usable(leafPath, log);
  let checking: Promise<void> = Promise.resolve();

  const renewWhenNeeded = async () => {
    const wanted = serverNames(hostname, interfaces(), await route());
    if (leaf !== null && fits(leaf, authority, wanted, clock.now())) {
      names = wanted;
      return;
    }
    const { makeLeaf } = await import('./authority.ts');
    await writePair(leafPath, await makeLeaf(authority, wanted, clock.now()));
    leaf = await readPair(leafPath);
    names = wanted;
    log.info(
      { names: wanted.dns.length, addresses: wanted.ip.length },
      'a certificate was made for the present addresses',
    );
    if (leaf !== null) for (const listener of listeners) listener(leaf);
  };
  await renewWhenNeeded();

  const check = () => {
    checking = checking.then(renewWhenNeeded).catch((error: unknown) => {
      log.warn({ err: error }, 'the certificate could not be made again; the old one stays');
    });
    return checking;
  };
  const timer = setInterval(check, CHECK_MILLIS).unref();

  return {
    secureContext() {
      if (leaf === null) throw new Error('no leaf certificate');
      return { key: leaf.key, cert: leaf.cert };
    },
    caPem: `${authority.cert.trim()}\n`,
    caFingerprint: authority.x509.fingerprint256,
    names: () => names,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    check,
    close: () => clearInterval(timer),
  };
}

/** Whether a leaf is good today and for a while, by this authority, for exactly these names. */
function fits(leaf: Stored, authority: Stored, names: ServerNames, nowMillis: number): boolean {
  const { x509 } = leaf;
  if (!x509.checkIssued(authority.x509)) return false;
  const untilMillis = Math.min(
    x509.validToDate.getTime() - RENEW_DAYS * DAY_MILLIS,
    authority.x509.validToDate.getTime(),
  );
  if (nowMillis > untilMillis) return false;
  const dns = names.dns.every((name) => x509.checkHost(name) !== undefined);
  const ip = names.ip.every((address) => x509.checkIP(address) !== undefined);
  return dns && ip && (x509.subjectAltName ?? '').split(', ').length === names.dns.length + names.ip.length;
}

async function readOrMakeAuthority(path: string, hostname: string, clock: Clock, log: TrustLog): Promise<Stored> {
  const found = await usable(path, log);
  if (found !== null && found.x509.validToDate.getTime() - RENEW_DAYS * DAY_MILLIS > clock.now()) return found;
  if (found !== null) log.warn({}, 'the certificate authority has come to its end: devices must trust the new one');
  const { makeAuthority } = await import('./authority.ts');
  await writePair(path, await makeAuthority(hostname, clock.now()));
  const made = await readPair(path);
  if (made === null) throw new Error(`${path} could not be read back`);
  log.info({}, 'a certificate authority was made for this machine');
  return made;
}

/** A file that cannot be used is put aside, not overwritten: somebody may have put it there by hand. */
async function usable(path: string, log: TrustLog): Promise<Stored | null> {
  try {
    return await readPair(path);
  } catch (error) {
    log.warn({ err: error }, 'a certificate file could not be read and was put aside');
    await rename(path, `${path}.unreadable`);
    return null;
  }
}
