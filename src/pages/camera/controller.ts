/** The person's wishes and the worker's messages enter; the camera is opened, armed, stopped, and the page's state follows. */
import { type CameraIdentity, keepIdentity, publicKeyOf, renewIdentity } from '../../cameras/browser/key.ts';
import type { Camera, CameraSettings } from '../../cameras/shared/schema.ts';
import { createArmedLock } from '../../capture/browser/armed-lock.ts';
import { forgetArmed, keepArmed, readArmed } from '../../capture/browser/armed-record.ts';
import { type CameraChoice, createCameraTrack } from '../../capture/browser/camera-track.ts';
import { startCameraWorker } from '../../capture/browser/camera-worker-link.ts';
import { createWakeLock } from '../../capture/browser/wake-lock.ts';
import type { FromWorker, LinkState } from '../../capture/shared/messages.ts';
import { api } from '../shell/api.ts';
import { openFilm } from './film-source.ts';
import { createPicturesFeed } from './pictures-feed.ts';
import { createSavings } from './savings.ts';
import { type CameraPageState, note, unnote } from './state.ts';

export interface CameraController {
  /** Opens the camera; resumes by itself what was armed when the page went. @param accountId who is signed in; null: nobody */
  open(identity: CameraIdentity | null, accountId: string | null): Promise<void>;
  /** Plays a file instead of the camera. */
  openFile(file: File): Promise<void>;
  choose(choice: CameraChoice): void;
  retry(): void;
  rename(name: string): void;
  change(settings: Partial<CameraSettings>): void;
  start(): Promise<void>;
  /** Calls a delay off, or ends the surveillance. */
  stop(): void;
  showDetector(on: boolean): void;
  /** Ends what this person may do here; what waits is still sent by the next visit. */
  signOut(): Promise<void>;
}

/** @param trying without an account: nothing is kept, nothing is sent, whatever happens */
export function createController(state: CameraPageState, trying: boolean): CameraController {
  const lock = createArmedLock();
  const savings = createSavings(state);
  const worker = startCameraWorker(receive, () => note(state, { kind: 'worker' }));
  const pictures = createPicturesFeed(worker);
  const wakeLock = createWakeLock((lost) => worker.post({ type: 'blind', cause: 'no-wake-lock', on: lost }));
  const track = createCameraTrack(navigator.mediaDevices, {
    onTrack(opened, stream) {
      state.stream.value = stream;
      if (state.phase.value === 'opening') state.phase.value = 'ready';
      pictures.track(opened, stream);
      void listLenses();
    },
    onProblem(problem) {
      state.problem.value = problem;
      if (problem) state.stream.value = null;
    },
    onBlind: (cause, on) => worker.post({ type: 'blind', cause, on }),
  });
  /** Changes that the server has not confirmed. */
  let unconfirmed: { name?: string; settings?: Partial<CameraSettings> } | null = null;
  /** Of them, those that are on their way. */
  let underway = 0;
  let storing: Promise<void> = Promise.resolve();
  let sessionAccountId: string | null = null;
  let snapshotFor: ((photo: { readonly atMillis: number; readonly jpeg: Uint8Array<ArrayBuffer> }) => void) | null =
    null;

  window.addEventListener('online', () => worker.post({ type: 'online' }));

  async function listLenses(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    state.lenses.value = devices.filter(({ kind }) => kind === 'videoinput');
  }

  function receive(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        configure();
        return pictures.able(message);
      case 'tick':
        return pictures.tick();
      case 'no-encoder':
        return pictures.cannotEncode();
      case 'record':
        return pictures.record(message.eventId, message.on);
      case 'delay':
        return countDown(message.leftMillis);
      case 'motion':
        state.report.value = message.report;
        if (message.report.motion) state.quietSinceMillis.value = Date.now();
        return;
      case 'pictures':
        state.pictures.value = message.pictures;
        return;
      case 'state':
        state.blind.value = message.blind;
        return;
      case 'beat':
        return keepBeat(message);
      case 'event':
        state.intrusion.value = message.phase === 'confirmed';
        return;
      case 'photo':
        return void takePhoto(message);
      case 'part':
        return void savings.filmPart(message.atMillis, message.bytes, message.mediaType, message.last);
      case 'sent':
        if (message.kind === 'photo' && state.photo.value?.eventId === message.eventId)
          state.photo.value = { ...state.photo.value, sentAtMillis: message.atMillis };
        return;
      case 'dropped':
        return note(state, { kind: 'dropped', code: message.code });
      case 'queue':
        state.queue.value = { events: message.events, state: message.state };
        return;
      case 'disk-full':
        return note(state, { kind: 'disk-full' });
      case 'link':
        return follow(message.state, message.viewers);
      case 'settings':
        return adopt(message.name, message.settings);
      case 'patched':
        underway--;
        if (message.ok && underway === 0) unconfirmed = null;
        return;
    }
  }

  function keepBeat({ atMillis, openEvent }: Extract<FromWorker, { readonly type: 'beat' }>): void {
    const cameraId = state.identity.value?.cameraId;
    if (cameraId && state.phase.value === 'armed') keepArmed({ cameraId, beatAtMillis: atMillis, openEvent });
  }

  async function takePhoto({
    eventId,
    atMillis,
    jpeg,
  }: Extract<FromWorker, { readonly type: 'photo' }>): Promise<void> {
    if (eventId === null) {
      snapshotFor?.({ atMillis, jpeg });
      snapshotFor = null;
      return;
    }
    if (state.photo.value?.url) URL.revokeObjectURL(state.photo.value.url);
    const url = URL.createObjectURL(new Blob([jpeg], { type: 'image/jpeg' }));
    state.photo.value = { eventId, atMillis, url, sentAtMillis: null };
    await savings.photo(atMillis, jpeg);
  }

  function countDown(leftMillis: number): void {
    if (state.phase.value !== 'starting') return;
    state.leftMillis.value = leftMillis;
    if (leftMillis === 0) arm();
  }

  function arm(): void {
    state.phase.value = 'armed';
    state.quietSinceMillis.value = Date.now();
    state.photo.value = null;
    worker.post({ type: 'arm' });
  }

  function follow(link: LinkState, viewers: number): void {
    // What was changed while the server was away is told now.
    if (link === 'ready' && state.link.value.state !== 'ready' && unconfirmed) patch();
    state.link.value = { state: link, viewers };
  }

  function patch(): void {
    if (!unconfirmed) return;
    underway++;
    worker.post({ type: 'patch', change: unconfirmed });
  }

  function configure(): void {
    worker.post({ type: 'configure', settings: state.settings.value });
    pictures.mask(state.settings.value.masks);
  }

  /** What the server has, unless this page has changed it since. */
  function adopt(name: string, settings: CameraSettings): void {
    if (unconfirmed) return;
    state.name.value = name;
    state.settings.value = settings;
    configure();
    void keep();
  }

  async function keep(): Promise<void> {
    const identity = state.identity.value;
    if (!identity) return;
    const kept = { ...identity, name: state.name.value.trim(), settings: state.settings.value };
    state.identity.value = kept;
    await store(kept);
  }

  /** One after the other: the last word stays on the disk. */
  function store(identity: CameraIdentity): Promise<void> {
    storing = storing.then(() => keepIdentity(identity)).catch(() => note(state, { kind: 'disk-full' }));
    return storing;
  }

  function tellServer(change: { name?: string; settings?: Partial<CameraSettings> }): void {
    if (!state.identity.value?.cameraId) return;
    unconfirmed = {
      ...unconfirmed,
      ...change,
      ...(change.settings && { settings: { ...unconfirmed?.settings, ...change.settings } }),
    };
    patch();
  }

  const wasRemoved = () => state.queue.value.state === 'revoked' || state.link.value.state === 'refused';

  /** Makes this browser a camera of the account: once, and once more where the account had removed it. */
  async function register(): Promise<void> {
    let identity = state.identity.value;
    if (identity && wasRemoved() && sessionAccountId !== null) {
      identity = await renewIdentity(identity);
      state.queue.value = { events: 0, state: 'sending' };
      unconfirmed = null;
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

  function pair(identity: CameraIdentity): void {
    if (identity.cameraId)
      worker.post({ type: 'pair', cameraId: identity.cameraId, privateKey: identity.keyPair.privateKey });
  }

  function snapshot(): Promise<{ readonly atMillis: number; readonly jpeg: Uint8Array<ArrayBuffer> }> {
    return new Promise((resolve) => {
      snapshotFor = resolve;
      worker.post({ type: 'snapshot' });
    });
  }

  async function resume(): Promise<void> {
    const record = readArmed();
    const { identity } = state;
    if (!record || record.cameraId !== identity.value?.cameraId) return;
    const { cameraId } = record;
    if (!(await lock.take(cameraId))) return note(state, { kind: 'elsewhere' });
    await savings.prepare(false);
    wakeLock.hold();
    arm();
    const untilMillis = Date.now();
    worker.post({ type: 'missed', fromMillis: record.beatAtMillis, untilMillis, openEvent: record.openEvent });
    note(state, { kind: 'missed', fromMillis: record.beatAtMillis, untilMillis });
  }

  return {
    async open(identity, accountId) {
      if (identity) {
        state.identity.value = identity;
        state.name.value = identity.name;
        state.settings.value = identity.settings;
        sessionAccountId = accountId;
        configure();
        pair(identity);
      }
      await track.open({ deviceId: null, height: null });
      if (!trying) await resume();
    },
    async openFile(file) {
      unnote(state, 'file-bad');
      const stream = await openFilm(file);
      const film = stream?.getVideoTracks()[0];
      if (!stream || !film) return note(state, { kind: 'file-bad' });
      track.close();
      state.problem.value = null;
      state.stream.value = stream;
      state.phase.value = state.phase.value === 'opening' ? 'ready' : state.phase.value;
      pictures.track(film, stream);
    },
    choose: (choice) => void track.open(choice),
    retry: track.retry,
    rename(name) {
      state.name.value = name;
      unnote(state, 'name-needed');
      const trimmed = name.trim();
      if (trimmed !== '') {
        void keep();
        tellServer({ name: trimmed });
      }
    },
    change(settings) {
      state.settings.value = { ...state.settings.value, ...settings };
      configure();
      void keep();
      tellServer({ settings });
    },
    async start() {
      unnote(state, 'failed');
      if (state.phase.value !== 'ready') return;
      if (!trying && state.name.value.trim() === '') return note(state, { kind: 'name-needed' });
      try {
        // First of all, while the click still counts as the person's wish.
        await savings.prepare(true);
        if (!trying) await register();
      } catch (error) {
        return note(state, { kind: 'failed', error });
      }
      const cameraId = state.identity.value?.cameraId;
      if (cameraId && !(await lock.take(cameraId))) return note(state, { kind: 'elsewhere' });
      unnote(state, 'elsewhere');
      wakeLock.hold();
      if (state.settings.value.saveHere) void snapshot().then(({ atMillis, jpeg }) => savings.first(atMillis, jpeg));
      const { startDelaySeconds } = state.settings.value;
      if (startDelaySeconds === 0) return arm();
      state.leftMillis.value = startDelaySeconds * 1000;
      state.phase.value = 'starting';
      worker.post({ type: 'delay', millis: startDelaySeconds * 1000 });
    },
    stop() {
      forgetArmed();
      worker.post({ type: 'delay', millis: null });
      worker.post({ type: 'disarm' });
      wakeLock.release();
      lock.release();
      state.phase.value = 'ready';
      state.intrusion.value = false;
      state.dimmed.value = false;
      unnote(state, 'missed');
    },
    showDetector: (on) => worker.post({ type: 'show', on }),
    async signOut() {
      const identity = state.identity.value;
      if (identity) await store({ ...identity, signedOut: true });
    },
  };
}
