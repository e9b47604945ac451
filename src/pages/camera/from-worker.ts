/** The worker's messages enter; the page's state follows, and each part of the page gets what is its own. */
import { keepArmed } from '../../capture/browser/armed-record.ts';
import type { FromWorker, LinkState } from '../../capture/shared/messages.ts';
import type { PicturesFeed } from './pictures-feed.ts';
import type { Savings } from './savings.ts';
import type { SettingsSync } from './settings-sync.ts';
import { type CameraPageState, note, unnote } from './state.ts';

export interface ReceiverDoors {
  readonly pictures: PicturesFeed;
  readonly savings: Savings;
  readonly sync: SettingsSync;
  /** Whether pictures come. */
  sees(on: boolean): void;
  /** The worker is there. */
  settle(): void;
  /** A delay is over. */
  arm(): void;
  /** A photo of the moment, that was asked for. */
  snapshot(atMillis: number, jpeg: Uint8Array<ArrayBuffer>): void;
}

export function createReceiver(state: CameraPageState, doors: ReceiverDoors): (message: FromWorker) => void {
  function receive(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        state.worker.value = 'ready';
        unnote(state, 'worker');
        doors.settle();
        return doors.pictures.able(message);
      case 'tick':
        return doors.pictures.tick();
      case 'no-encoder':
        return doors.pictures.cannotEncode();
      case 'record':
        return doors.pictures.record(message.eventId, message.on);
      case 'delay':
        return countDown(message.leftMillis);
      case 'motion':
        state.report.value = message.report;
        seen();
        if (message.report.motion) state.quietSinceMillis.value = Date.now();
        return;
      case 'pictures':
        state.pictures.value = message.pictures;
        return;
      case 'state':
        state.doing.value = message.state;
        state.blind.value = message.blind;
        return doors.sees(!message.blind.some((cause) => cause === 'no-frames' || cause === 'track-muted'));
      case 'beat':
        return keepBeat(message);
      case 'event':
        state.intrusion.value = message.phase === 'confirmed';
        return;
      case 'photo':
        return void takePhoto(message);
      case 'part':
        return void doors.savings.filmPart(
          message.eventId,
          message.atMillis,
          message.bytes,
          message.mediaType,
          message.last,
        );
      case 'sent':
        if (message.kind === 'photo' && state.photo.value?.eventId === message.eventId)
          state.photo.value = { ...state.photo.value, sentAtMillis: message.atMillis };
        return;
      case 'dropped':
        if (message.kind === 'photo' && state.photo.value?.eventId === message.eventId) clearPhoto();
        return note(state, { kind: 'dropped', code: message.code });
      case 'queue':
        state.queue.value = { events: message.events, state: message.state };
        return;
      case 'disk-full':
        return note(state, { kind: 'disk-full' });
      case 'link':
        return follow(message.state, message.viewers);
      case 'settings':
        return doors.sync.adopt(message.name, message.settings);
      case 'patched':
        return doors.sync.patched(message.ok);
    }
  }

  /** The first picture since the page is back ends what was missed. */
  function seen(): void {
    const missed = state.notices.value.find((notice) => notice.kind === 'missed');
    if (missed?.untilMillis === null) note(state, { ...missed, untilMillis: Date.now() });
  }

  function keepBeat({ atMillis, openEvent }: Extract<FromWorker, { readonly type: 'beat' }>): void {
    const cameraId = state.identity.value?.cameraId;
    if (cameraId && state.phase.value === 'armed') keepArmed({ cameraId, beatAtMillis: atMillis, openEvent });
  }

  function clearPhoto(): void {
    if (state.photo.value?.url) URL.revokeObjectURL(state.photo.value.url);
    state.photo.value = null;
  }

  async function takePhoto({
    eventId,
    atMillis,
    jpeg,
  }: Extract<FromWorker, { readonly type: 'photo' }>): Promise<void> {
    if (eventId === null) {
      doors.snapshot(atMillis, jpeg);
      return;
    }
    clearPhoto();
    const url = URL.createObjectURL(new Blob([jpeg], { type: 'image/jpeg' }));
    state.photo.value = { eventId, atMillis, url, sentAtMillis: null };
    await doors.savings.photo(atMillis, jpeg);
  }

  function countDown(leftMillis: number): void {
    if (state.phase.value !== 'starting') return;
    state.leftMillis.value = leftMillis;
    if (leftMillis === 0) doors.arm();
  }

  function follow(link: LinkState, viewers: number): void {
    const isBack = link === 'ready' && state.link.value.state !== 'ready';
    state.link.value = { state: link, viewers };
    if (isBack) doors.sync.tell();
  }

  return receive;
}
