/** The person's wishes and the worker's messages enter; the camera is opened, armed, stopped, and the page's state follows. */
import type { CameraIdentity } from '../../cameras/browser/key.ts';
import type { CameraSettings } from '../../cameras/shared/schema.ts';
import { createArmedLock } from '../../capture/browser/armed-lock.ts';
import { type ArmedRecord, forgetArmed, keepArmed, readArmed } from '../../capture/browser/armed-record.ts';
import { type CameraChoice, createCameraTrack } from '../../capture/browser/camera-track.ts';
import { startCameraWorker } from '../../capture/browser/camera-worker-link.ts';
import { createWakeLock } from '../../capture/browser/wake-lock.ts';
import type { BlindCause } from '../../capture/shared/messages.ts';
import { openFilm } from './film-source.ts';
import { createReceiver } from './from-worker.ts';
import { createPicturesFeed } from './pictures-feed.ts';
import { createRegistration } from './registration.ts';
import { createSavings } from './savings.ts';
import { createSettingsSync } from './settings-sync.ts';
import { type CameraPageState, isOnDuty, note, unnote } from './state.ts';
import { until } from './until.ts';

export interface CameraController {
  /** Opens the camera; resumes by itself what was armed when the page went. @param accountId who is signed in; null: nobody */
  open(identity: CameraIdentity | null, accountId: string | null): Promise<void>;
  /** Who is signed in is known later than the page. */
  signedIn(accountId: string): void;
  /** Plays a file instead of the camera. */
  openFile(file: File): Promise<void>;
  choose(choice: CameraChoice): void;
  retry(): void;
  rename(name: string): void;
  change(settings: Partial<CameraSettings>): void;
  /** Follows a hand that still moves: applied, but neither kept nor told before `change`. */
  adjust(settings: Partial<CameraSettings>): void;
  start(): Promise<void>;
  /** Calls a delay off, or ends the surveillance. */
  stop(): void;
  /** As `stop`, where it is on duty; resolves when what is on its way has left, or would take too long. */
  finish(): Promise<void>;
  showDetector(on: boolean): void;
  /** Ends what this person may do here; what waits is still sent by the next visit. */
  signOut(): Promise<void>;
}

/** What is on its way when the page is left has so long, ms; the next visit sends the rest. */
const FINISH_MILLIS = 3000;

/** @param trying without an account: nothing is kept, nothing is sent, whatever happens */
export function createController(state: CameraPageState, trying: boolean): CameraController {
  const lock = createArmedLock();
  const savings = createSavings(state);
  const worker = startCameraWorker({
    onMessage: (message) => receive(message),
    onLost() {
      state.worker.value = 'lost';
      state.report.value = null;
      state.intrusion.value = false;
      note(state, { kind: 'worker' });
    },
    onFresh: tellAll,
    isExpected: () => isOnDuty(state),
  });
  const pictures = createPicturesFeed(worker);
  const wakeLock = createWakeLock((lost) => sayBlind('no-wake-lock', lost));
  const track = createCameraTrack(navigator.mediaDevices, {
    onTrack(opened, stream) {
      state.stream.value = stream;
      settle();
      pictures.track(opened, stream);
      void listLenses();
    },
    onOver: () => worker.post({ type: 'close' }),
    onProblem(problem) {
      state.problem.value = problem;
      if (problem) state.stream.value = null;
    },
    onBlind: sayBlind,
    onStandIn(on) {
      if (on) note(state, { kind: 'other-lens' });
      else unnote(state, 'other-lens');
    },
    isNeeded: () => isOnDuty(state),
  });
  const sync = createSettingsSync(state, {
    send: (change) => worker.post({ type: 'patch', change }),
    configure,
    store: (identity) => void registration.store(identity),
  });
  const registration = createRegistration(state, pair);
  const receive = createReceiver(state, {
    pictures,
    savings,
    sync,
    sees: track.sees,
    settle,
    arm,
    snapshot: (atMillis, jpeg) => void savings.first(atMillis, jpeg),
  });
  /** What the window knows of why it is blind; a worker that takes another's place is told again. */
  const blindCauses = new Set<BlindCause>();
  let showing = false;
  /** Starting or resuming: a second tap changes nothing. */
  let busy = false;

  window.addEventListener('online', () => worker.post({ type: 'online' }));

  /** It is ready when both are there: the picture, and the worker that watches it. */
  function settle(): void {
    if (state.phase.value === 'opening' && state.worker.value === 'ready' && state.stream.value)
      state.phase.value = 'ready';
  }

  function sayBlind(cause: BlindCause, on: boolean): void {
    if (on) blindCauses.add(cause);
    else blindCauses.delete(cause);
    worker.post({ type: 'blind', cause, on });
  }

  /** Another worker has taken the place of one that died: it goes on where that one stopped. */
  function tellAll(): void {
    state.worker.value = 'loading';
    sync.forgetAnswers();
    configure();
    if (state.identity.value) pair(state.identity.value);
    for (const cause of blindCauses) worker.post({ type: 'blind', cause, on: true });
    worker.post({ type: 'show', on: showing });
    if (state.phase.value === 'starting') worker.post({ type: 'delay', millis: state.leftMillis.value });
    if (state.phase.value !== 'armed') return;
    const record = ownRecord();
    if (record) tellMissed('no-frames', record);
    worker.post({ type: 'arm' });
  }

  async function listLenses(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    state.lenses.value = devices.filter(({ kind }) => kind === 'videoinput');
  }

  function arm(): void {
    state.phase.value = 'armed';
    state.quietSinceMillis.value = Date.now();
    state.photo.value = null;
    worker.post({ type: 'arm' });
  }

  function configure(): void {
    worker.post({ type: 'configure', settings: state.settings.value });
    pictures.mask(state.settings.value.masks);
  }

  function pair(identity: CameraIdentity): void {
    if (identity.cameraId)
      worker.post({ type: 'pair', cameraId: identity.cameraId, privateKey: identity.keyPair.privateKey });
  }

  /** Of this camera, as it was armed last. */
  function ownRecord(): ArmedRecord | null {
    const record = readArmed();
    return record && record.cameraId === state.identity.value?.cameraId ? record : null;
  }

  function tellMissed(cause: 'page-gone' | 'no-frames', { beatAtMillis: fromMillis, openEvent }: ArmedRecord): void {
    worker.post({ type: 'missed', cause, fromMillis, untilMillis: Date.now(), openEvent });
    note(state, { kind: 'missed', cause, fromMillis, untilMillis: null });
  }

  function startDelay(millis: number): void {
    state.leftMillis.value = millis;
    state.phase.value = 'starting';
    worker.post({ type: 'delay', millis });
  }

  async function resume(): Promise<void> {
    const record = ownRecord();
    if (!record) return;
    if (!(await lock.take(record.cameraId))) return note(state, { kind: 'elsewhere' });
    wakeLock.hold();
    const leftMillis = (record.dueAtMillis ?? 0) - Date.now();
    if (leftMillis > 0) startDelay(leftMillis);
    else {
      tellMissed('page-gone', record);
      arm();
    }
    // It watches, whatever becomes of saving here.
    void savings.prepare(false).catch(() => note(state, { kind: 'save-failed' }));
    // Refused before it was armed, and so not tried again.
    track.retry();
  }

  async function start(): Promise<void> {
    unnote(state, 'failed');
    if (!trying && state.name.value.trim() === '') return note(state, { kind: 'name-needed' });
    try {
      // First of all, while the click still counts as the person's wish.
      await savings.prepare(true);
      if (state.link.value.state === 'elsewhere') {
        // A mask that the other tab has heard of shall hold before anything is kept or sent from here.
        await registration.refresh();
        configure();
      }
      if (!trying) await registration.register();
    } catch (error) {
      return note(state, { kind: 'failed', error });
    }
    // What waits to be sent, and the key, shall not go when the disk gets full.
    if (!trying) void navigator.storage?.persist?.().catch(() => undefined);
    const cameraId = state.identity.value?.cameraId;
    if (cameraId && !(await lock.take(cameraId))) return note(state, { kind: 'elsewhere' });
    unnote(state, 'elsewhere');
    wakeLock.hold();
    if (state.settings.value.saveHere) worker.post({ type: 'snapshot' });
    const { startDelaySeconds } = state.settings.value;
    if (startDelaySeconds === 0) return arm();
    const millis = startDelaySeconds * 1000;
    const dueAtMillis = Date.now() + millis;
    startDelay(millis);
    // Whoever started it leaves the room: a page that goes meanwhile shall come back and arm.
    if (cameraId) keepArmed({ cameraId, dueAtMillis, beatAtMillis: dueAtMillis, openEvent: null });
  }

  async function alone(work: () => Promise<void>): Promise<void> {
    if (busy) return;
    busy = true;
    await work().finally(() => {
      busy = false;
    });
  }

  function stop(): void {
    // What a camera of this browser has kept is not of this page that only tries.
    if (!trying) forgetArmed();
    worker.post({ type: 'delay', millis: null });
    worker.post({ type: 'disarm' });
    wakeLock.release();
    lock.release();
    state.phase.value = 'ready';
    state.intrusion.value = false;
    state.dimmed.value = false;
    unnote(state, 'missed');
  }

  /** Nothing more comes of what the worker did, as far as it can leave now. */
  function isSent(): boolean {
    const { events, state: sending } = state.queue.value;
    return state.doing.value === 'idle' && (events === 0 || sending !== 'sending');
  }

  return {
    async open(identity, accountId) {
      if (identity) {
        state.identity.value = identity;
        state.name.value = identity.name;
        state.settings.value = identity.settings;
        state.lens.value = identity.lens ?? state.lens.value;
        registration.signedIn(accountId);
        configure();
        pair(identity);
      }
      const opening = track.open(state.lens.value);
      // Armed at once, and what was missed is told, although the browser may still ask for the camera.
      if (!trying) await alone(resume);
      await opening;
    },
    signedIn: registration.signedIn,
    async openFile(file) {
      unnote(state, 'file-bad');
      const stream = await openFilm(file);
      const film = stream?.getVideoTracks()[0];
      if (!stream || !film) return note(state, { kind: 'file-bad' });
      track.close();
      state.problem.value = null;
      state.stream.value = stream;
      settle();
      pictures.track(film, stream);
    },
    choose(choice) {
      state.lens.value = choice;
      const identity = state.identity.value;
      if (identity) {
        state.identity.value = { ...identity, lens: choice };
        void registration.store(state.identity.value);
      }
      void track.open(choice);
    },
    retry: track.retry,
    rename(name) {
      state.name.value = name;
      unnote(state, 'name-needed');
      const trimmed = name.trim();
      if (trimmed !== '') sync.change({ name: trimmed });
    },
    change: (settings) => sync.change({ settings }),
    adjust(settings) {
      state.settings.value = { ...state.settings.value, ...settings };
      configure();
    },
    async start() {
      if (state.phase.value === 'ready') await alone(start);
    },
    stop,
    finish() {
      if (isOnDuty(state)) stop();
      return until(isSent, FINISH_MILLIS);
    },
    showDetector(on) {
      showing = on;
      worker.post({ type: 'show', on });
    },
    async signOut() {
      const identity = state.identity.value;
      if (identity) await registration.store({ ...identity, signedOut: true });
    },
  };
}
