/** Who is signed in enters; this browser is a camera of that account, and all that is known of it is kept on the disk. */
import {
  type CameraIdentity,
  keepIdentity,
  publicKeyOf,
  readIdentity,
  renewIdentity,
} from '../../cameras/browser/key.ts';
import type { Camera } from '../../cameras/shared/schema.ts';
import { api } from '../shell/api.ts';
import { type CameraPageState, isRemoved, note } from './state.ts';

export interface Registration {
  /** @param accountId who is signed in; null: nobody */
  signedIn(accountId: string | null): void;
  /** Makes this browser a camera of the account: once, and once more where the account had removed it. @throws {ApiFailure} */
  register(): Promise<void>;
  /** Name and settings as the tab that spoke for this camera until now has kept them. */
  refresh(): Promise<void>;
  /** Keeps what has changed. */
  store(identity: CameraIdentity): Promise<void>;
}

/** @param pair the camera has its id: what happens is sent from here on */
export function createRegistration(state: CameraPageState, pair: (identity: CameraIdentity) => void): Registration {
  let storing: Promise<void> = Promise.resolve();
  let sessionAccountId: string | null = null;

  /** One after the other: the last word stays on the disk. */
  function store(identity: CameraIdentity): Promise<void> {
    storing = storing.then(() => keepIdentity(identity)).catch(() => note(state, { kind: 'disk-full' }));
    return storing;
  }

  async function register(): Promise<void> {
    let identity = state.identity.value;
    if (identity && isRemoved(state) && sessionAccountId !== null) {
      identity = await renewIdentity(identity);
      state.identity.value = identity;
      state.queue.value = { events: 0, state: 'sending' };
      state.link.value = { state: 'off', viewers: 0 };
    }
    if (!identity || identity.cameraId !== null) return;
    const body = {
      name: state.name.value.trim(),
      publicKey: await publicKeyOf(identity),
      settings: state.settings.value,
    };
    const camera = await api<Camera>('POST', '/api/cameras', { body });
    const registered = {
      ...identity,
      cameraId: camera.id,
      accountId: sessionAccountId,
      name: camera.name,
      settings: camera.settings,
    };
    state.identity.value = registered;
    await store(registered);
    pair(registered);
  }

  return {
    signedIn(accountId) {
      sessionAccountId = accountId;
    },
    register,
    async refresh() {
      const { slot } = state.identity.value ?? {};
      const found = slot === undefined ? null : await readIdentity(slot);
      if (!found) return;
      state.identity.value = found;
      state.name.value = found.name;
      state.settings.value = found.settings;
    },
    store,
  };
}
