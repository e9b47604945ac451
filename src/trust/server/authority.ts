/** Names and a time enter; a certificate authority of this machine, or a leaf that it signs, leaves as PEM (RFC 5280). */
import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { nameConstraints } from './name-constraints.ts';
import { hostLabel, LOCAL_NAME, type ServerNames } from './names.ts';

/** A private key (PKCS #8) and its certificate, both PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MILLIS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3652;
/** Browsers refuse a leaf that is good for longer than 398 days. */
const LEAF_DAYS = 397;
/** No Vigie ran before; a machine that starts without a clock of its own says 1970. */
const EARLIEST_MILLIS = Date.UTC(2026, 0, 1);
/** Phones whose clock is behind accept it all the same. */
const BACKDATED_DAYS = 2;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/**
 * Makes the authority: P-256, ten years, good only for server certificates of names under `.local`, of this
 * machine's name and of private networks (critical name constraints), so that trusting it gives away nothing else.
 *
 * @param hostname of this machine, said in the certificate's name.
 * @param nowMillis since 1970.
 */
export async function makeAuthority(hostname: string, nowMillis: number): Promise<KeyAndCertificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const label = hostLabel(hostname);
  const from = Math.max(nowMillis, EARLIEST_MILLIS);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    keys,
    signingAlgorithm: ALGORITHM,
    name: [{ CN: [`Vigie on ${label ?? 'this machine'}`] }, { O: ['Vigie local certificate authority'] }],
    notBefore: new Date(from - BACKDATED_DAYS * DAY_MILLIS),
    notAfter: new Date(from + AUTHORITY_DAYS * DAY_MILLIS),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      nameConstraints(['localhost', 'local', ...(label === null ? [] : [label])]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: exportKey(keys.privateKey), cert: certificate.toString('pem') };
}

/**
 * Makes the leaf that the HTTPS server shows, at most 397 days and never longer than its authority.
 *
 * @param nowMillis since 1970.
 */
export async function makeLeaf(
  authority: KeyAndCertificate,
  names: ServerNames,
  nowMillis: number,
): Promise<KeyAndCertificate> {
  const issuer = new X509Certificate(authority.cert);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const from = Math.max(nowMillis, EARLIEST_MILLIS);
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension([
      ...names.dns.map((value) => ({ type: 'dns' as const, value })),
      ...names.ip.map((value) => ({ type: 'ip' as const, value })),
    ]),
    await AuthorityKeyIdentifierExtension.create(issuer),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
  ];
  const certificate = await X509CertificateGenerator.create({
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: ALGORITHM,
    issuer: issuer.subject,
    subject: [{ CN: [LOCAL_NAME] }],
    notBefore: new Date(from - BACKDATED_DAYS * DAY_MILLIS),
    notAfter: new Date(Math.min(from + (LEAF_DAYS - BACKDATED_DAYS) * DAY_MILLIS, issuer.notAfter.getTime())),
    extensions,
  });
  return { key: exportKey(keys.privateKey), cert: certificate.toString('pem') };
}

function exportKey(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString();
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}
