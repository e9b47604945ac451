/** The page's wishes and the camera's frames enter this worker; everything that a camera does leaves from here. */
import { v7 as uuidV7 } from 'uuid';
import type { CameraState } from '../../cameras/shared/schema.ts';
import { type CameraCredentials, signedFetch } from '../../cameras/worker/signed-request.ts';
import type { EventFacts } from '../../events/shared/schema.ts';
import { emptyPart } from '../../events/worker/film-end.ts';
import { createRecorder } from '../../events/worker/recorder.ts';
import type { BlindCause, FromWorker, LinkState, OpenEvent, ToWorker } from '../shared/messages.ts';
import { createBlindness, type Gap } from './blindness.ts';
import { createFeed, type WorkerTrack } from './feed.ts';
import { createLink, type Link } from './link.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createPictureReader } from './picture.ts';
import { createTurn, type Turn } from './turn.ts';
import { createWatch } from './watch.ts';

type Message = ToWorker<ReadableStream<VideoFrame>, WorkerTrack, CryptoKey, ImageBitmap>;

/** The page keeps this beat for the case that it goes, ms. */
const BEAT_MILLIS = 2000;
const TICK_MILLIS = 250;
/** A change that the server has not confirmed by then is told again, ms. */
const PATCH_MILLIS = 30_000;
/** Only after this is it said that another tab has the turn, ms. */
const ELSEWHERE_MILLIS = 1000;

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC';
const tell = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

let credentials: CameraCredentials | null = null;
let turn: Turn | null = null;
/** Both only while it is this tab's turn to speak for the camera. */
let outbox: Outbox | null = null;
let link: Link | null = null;
/** What is to be sent as soon as it is. */
let early: Parameters<Outbox['add']>[0][] = [];
let linkState: LinkState = 'off';
let viewers = 0;
let armed = false;
let dueAtMillis: number | null = null;
let streaming = false;
let moving = false;
let beatAt = 0;
let gapId = '';

const recorder = createRecorder(timeZone, {
  onItem: send,
  onPhoto: (eventId, atMillis, jpeg) => tell({ type: 'photo', eventId, atMillis, jpeg }),
  onPart(eventId, atMillis, n, last, mediaType, bytes) {
    tell({ type: 'part', eventId, atMillis, n, last, mediaType, bytes });
    beat();
  },
  onPhase(phase, eventId, atMillis) {
    tell({ type: 'event', phase, eventId, atMillis });
    beat();
  },
  onRecord: (eventId, on) => tell({ type: 'record', eventId, on }),
  onKeyWanted: () => watch.requestKey(),
  onError: report,
});

const canEncode = 'VideoEncoder' in self && 'VideoFrame' in self;
const watch = createWatch(recorder, canEncode, {
  onReport(motion) {
    if (moving !== motion.motion) {
      moving = motion.motion;
      sayState();
    }
    tell({ type: 'motion', report: motion });
  },
  onPictures: (pictures) => tell({ type: 'pictures', pictures }),
  onSnapshot: (atMillis, jpeg) => tell({ type: 'photo', eventId: null, atMillis, jpeg }),
  onChunk: (chunk) => link?.chunk(chunk),
  onLiveJpeg: (jpeg, width, height, captureTimeMicros) => link?.jpeg(jpeg, width, height, captureTimeMicros),
  onNoEncoder: () => tell({ type: 'no-encoder' }),
});

const blindness = createBlindness(sayState, sendGap);
const reader = createPictureReader();
const feed = createFeed(reader, {
  onPicture(picture) {
    blindness.frame(Date.now());
    watch.picture(picture);
  },
  onTick: () => tell({ type: 'tick' }),
  onBadFrame: report,
});

/** An error that no one can do anything about now; the next frame may be well. */
function report(error: unknown): void {
  console.warn(error);
}

function state(): CameraState {
  if (armed) return blindness.causes().length > 0 ? 'blind' : 'watching';
  return dueAtMillis === null ? 'idle' : 'starting';
}

function sayState(): void {
  tell({ type: 'state', state: state(), blind: blindness.causes() });
  link?.beat({ state: state(), motion: armed && moving, streaming, queued: outbox?.state().items ?? 0 });
}

/** The page arms when it hears that nothing is left. */
function sayDelay(): void {
  if (dueAtMillis === null) return;
  const leftMillis = Math.max(0, dueAtMillis - Date.now());
  tell({ type: 'delay', leftMillis });
  if (leftMillis === 0) dueAtMillis = null;
}

function beat(): void {
  beatAt = Date.now();
  if (armed) tell({ type: 'beat', atMillis: beatAt, openEvent: recorder.open() });
}

function send(item: Parameters<Outbox['add']>[0]): void {
  if (outbox) outbox.add(item);
  else if (credentials) early.push(item);
}

function sendFacts(eventId: string, facts: EventFacts): void {
  const body = new TextEncoder().encode(JSON.stringify(facts));
  send({ eventId, kind: 'facts', n: 0, last: false, type: 'application/json', body });
}

function sendGap({ cause, fromMillis, untilMillis }: Gap): void {
  if (untilMillis === null || gapId === '') gapId = uuidV7({ msecs: Math.round(fromMillis) });
  const times = {
    startedAt: Math.round(fromMillis),
    endedAt: untilMillis === null ? null : Math.round(untilMillis),
    sentAt: Date.now(),
  };
  sendFacts(gapId, {
    version: 1,
    kind: 'gap',
    continues: null,
    ...times,
    timeZone,
    score: 0,
    reason: { code: cause, values: {} },
    boxes: [],
  });
  if (untilMillis !== null) gapId = '';
}

/** The page or its worker is back after it went while armed: its event is ended, and what was not seen is said. */
function sendMissed(cause: BlindCause, fromMillis: number, untilMillis: number, openEvent: OpenEvent | null): void {
  if (openEvent) {
    const facts: EventFacts = JSON.parse(openEvent.facts);
    sendFacts(openEvent.eventId, { ...facts, endedAt: Math.max(facts.startedAt, Math.round(fromMillis)) });
    const { eventId, parts: n, mediaType: type } = openEvent;
    if (n > 0) send({ eventId, kind: 'part', n, last: true, type, body: emptyPart(type) });
  }
  sendGap({ cause, fromMillis, untilMillis });
}

function pair(cameraId: string, privateKey: CryptoKey): void {
  if (credentials?.cameraId === cameraId) return;
  turn?.close();
  disconnect();
  early = [];
  const paired = { cameraId, privateKey };
  credentials = paired;
  turn = createTurn(navigator.locks, `vigie-link-${cameraId}`, (mine) => {
    if (mine) return connect(paired);
    disconnect();
    // A page that is reloaded has it back in a moment.
    setTimeout(sayElsewhere, ELSEWHERE_MILLIS);
  });
  if (armed) turn.take();
}

function sayElsewhere(): void {
  if (link) return;
  tell({ type: 'queue', events: 0, state: 'sending' });
  sayLink('elsewhere');
}

function sayLink(next: LinkState): void {
  linkState = next;
  tell({ type: 'link', state: linkState, viewers });
}

/** Another tab of this browser sends what waits on the disk, and answers for this camera. */
function disconnect(): void {
  link?.close();
  outbox?.close();
  link = outbox = null;
  viewers = 0;
  watch.setViewers(0);
}

function connect(by: CameraCredentials): void {
  outbox = createOutbox(by, {
    onState(queue) {
      tell({ type: 'queue', events: queue.events, state: queue.state });
      sayState();
    },
    onSent: ({ kind, eventId }) => tell({ type: 'sent', kind, eventId, atMillis: Date.now() }),
    onDropped: ({ kind, eventId }, code) => tell({ type: 'dropped', kind, eventId, code }),
    onDiskError(error) {
      report(error);
      tell({ type: 'disk-full' });
    },
  });
  link = createLink(by, self.location.origin, {
    onWatched(count, key) {
      viewers = count;
      watch.setViewers(streaming ? viewers : 0);
      if (key) watch.requestKey();
      tell({ type: 'link', state: linkState, viewers });
    },
    onSettings: (name, settings) => tell({ type: 'settings', name, settings }),
    onState(next) {
      // The server is there again: what waits need not wait for its next attempt.
      if (next === 'ready') outbox?.wake();
      sayLink(next);
    },
  });
  for (const item of early.splice(0)) outbox.add(item);
  sayState();
}

function arm(): void {
  armed = true;
  dueAtMillis = null;
  turn?.take();
  watch.arm();
  blindness.arm(Date.now());
  sayState();
  beat();
}

function disarm(): void {
  watch.disarm(Date.now());
  blindness.disarm(Date.now());
  armed = false;
  sayState();
}

const handlers: { readonly [Type in Message['type']]: (message: Extract<Message, { readonly type: Type }>) => void } = {
  open({ source }) {
    feed.open(source);
    watch.sourceChanged();
  },
  close: () => feed.close(),
  picture: ({ bitmap, timestampMicros }) => feed.picture(bitmap, timestampMicros),
  configure({ settings }) {
    streaming = settings.streaming;
    reader.setMasks(settings.masks);
    watch.configure(settings);
    watch.setViewers(streaming ? viewers : 0);
    sayState();
  },
  pair: ({ cameraId, privateKey }) => pair(cameraId, privateKey),
  arm,
  disarm,
  missed: ({ cause, fromMillis, untilMillis, openEvent }) => sendMissed(cause, fromMillis, untilMillis, openEvent),
  delay({ millis }) {
    dueAtMillis = millis === null ? null : Date.now() + millis;
    sayState();
    sayDelay();
  },
  blind: ({ cause, on }) => blindness.set(cause, on, Date.now()),
  show: ({ on }) => watch.show(on),
  snapshot: () => watch.snapshot(),
  recorded: ({ eventId, bytes, mediaType, last }) => recorder.recorded(eventId, new Uint8Array(bytes), mediaType, last),
  online: () => outbox?.wake(),
  patch({ change }) {
    if (!credentials) return;
    const bytes = new TextEncoder().encode(JSON.stringify(change));
    const patience = AbortSignal.timeout(PATCH_MILLIS);
    const path = `/api/cameras/${credentials.cameraId}`;
    signedFetch(credentials, 'PATCH', path, { type: 'application/json', bytes }, patience).then(
      (answer) => tell({ type: 'patched', ok: answer.ok }),
      () => tell({ type: 'patched', ok: false }),
    );
  },
};

self.addEventListener('message', ({ data }: MessageEvent<Message>) => {
  // One table for all messages: the key tells which of them `data` is.
  const handle = handlers[data.type] as (message: Message) => void;
  handle(data);
});
setInterval(() => {
  const now = Date.now();
  blindness.tick(now);
  watch.tick(now);
  sayDelay();
  if (now - beatAt >= BEAT_MILLIS) beat();
}, TICK_MILLIS);
tell({ type: 'ready', hasTrackProcessor: 'MediaStreamTrackProcessor' in self, canEncode });
