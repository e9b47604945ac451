/** This browser's identity as a camera: made once, kept in the browser, of use to nobody who reads the disk by script. */
import { type DBSchema, deleteDB, openDB } from 'idb';
import type { CameraChoice } from '../../capture/browser/camera-track.ts';
import type { CameraSettings, PublicKeyJwk } from '../shared/schema.ts';

/** What was changed here. */
export interface UnconfirmedChange {
  readonly name?: string;
  readonly settings?: Partial<CameraSettings>;
}

/** A camera that this browser is, or is about to be. */
export interface CameraIdentity {
  /** Name of the record on this disk. */
  readonly slot: string;
  /** Given by the server at registration; null: not registered yet. */
  readonly cameraId: string | null;
  readonly accountId: string | null;
  /** The account's address, for names of files and for words on the page. */
  readonly address: string | null;
  readonly name: string;
  readonly settings: CameraSettings;
  /** Changes that the server has not confirmed; they win over what it says. */
  readonly unconfirmed?: UnconfirmedChange | null;
  /** Left out: the person chose none. */
  readonly lens?: CameraChoice;
  /** ECDSA P-256; the private half is not extractable. */
  readonly keyPair: CryptoKeyPair;
  /** The person signed out here: the key opens this page no longer, but what waits may still be sent. */
  readonly signedOut: boolean;
  /** Ms since 1970; the latest is the one that opens without a session. */
  readonly usedAtMillis: number;
}

interface IdentitySchema extends DBSchema {
  identity: { key: string; value: CameraIdentity };
}

export const DEFAULT_SETTINGS: CameraSettings = {
  startDelaySeconds: 0,
  streaming: false,
  saveHere: false,
  omitAddressInFileNames: false,
  sensitivity: 'person',
  thresholdPercent: null,
  masks: [],
};

const open = () =>
  openDB<IdentitySchema>('vigie', 1, {
    upgrade(db) {
      db.createObjectStore('identity', { keyPath: 'slot' });
    },
  });

/**
 * The camera that this browser is for an account; made, with its key, where it is none yet.
 *
 * @param account who is signed in; null: nobody, then only a camera that was registered before is found
 * @returns null: nobody is signed in, and no camera was ever registered here, or its person signed out
 * @throws DOMException where the browser keeps nothing for this page
 */
export async function findIdentity(
  account: { readonly id: string; readonly email: string } | null,
): Promise<CameraIdentity | null> {
  const db = await open();
  try {
    const known = (await db.getAll('identity')).sort((a, b) => b.usedAtMillis - a.usedAtMillis);
    if (!account) return known.find((identity) => identity.cameraId !== null && !identity.signedOut) ?? null;
    const mine =
      known.find((identity) => identity.accountId === account.id) ??
      known.find((identity) => identity.accountId === null);
    const found = mine ?? (await makeIdentity());
    const identity = { ...found, address: account.email, signedOut: false, usedAtMillis: Date.now() };
    const kept = db.put('identity', identity);
    // One that is on the disk already opens the page also when the disk takes nothing more.
    await (mine ? kept.catch(() => undefined) : kept);
    return identity;
  } finally {
    db.close();
  }
}

/** Whether this browser keeps a key at all. Tried, since private windows and blocked site data refuse only what is really done. */
export async function keepsKeys(): Promise<boolean> {
  const name = 'vigie-trial';
  try {
    const db = await openDB(name, 1, { upgrade: (fresh) => void fresh.createObjectStore('keys') });
    try {
      await db.put('keys', await makeKeyPair(), 'key');
    } finally {
      db.close();
      await deleteDB(name);
    }
    return true;
  } catch {
    return false;
  }
}

/** As another tab of this browser may have kept it meanwhile. @returns null: it is not on this disk */
export async function readIdentity(slot: string): Promise<CameraIdentity | null> {
  const db = await open();
  try {
    return (await db.get('identity', slot)) ?? null;
  } finally {
    db.close();
  }
}

/** Keeps what has changed. */
export async function keepIdentity(identity: CameraIdentity): Promise<void> {
  const db = await open();
  try {
    await db.put('identity', identity);
  } finally {
    db.close();
  }
}

/** The same camera with a new key, not registered yet: the account has taken the old key's right away. */
export async function renewIdentity(identity: CameraIdentity): Promise<CameraIdentity> {
  const { slot, keyPair } = await makeIdentity();
  const renewed = { ...identity, slot, keyPair, cameraId: null, unconfirmed: null };
  await keepIdentity({ ...identity, signedOut: true, accountId: '' });
  await keepIdentity(renewed);
  return renewed;
}

/** The half of the key that the server gets. */
export async function publicKeyOf(identity: CameraIdentity): Promise<PublicKeyJwk> {
  const { x, y } = await crypto.subtle.exportKey('jwk', identity.keyPair.publicKey);
  if (x === undefined || y === undefined) throw new TypeError('the public key has no point');
  return { kty: 'EC', crv: 'P-256', x, y };
}

function makeKeyPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
}

async function makeIdentity(): Promise<CameraIdentity> {
  const keyPair = await makeKeyPair();
  return {
    slot: crypto.randomUUID(),
    cameraId: null,
    accountId: null,
    address: null,
    name: '',
    settings: DEFAULT_SETTINGS,
    keyPair,
    signedOut: false,
    usedAtMillis: Date.now(),
  };
}
