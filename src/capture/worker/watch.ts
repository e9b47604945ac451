/** Masked pictures enter; the detector's reports, intrusions with photo and clip, and chunks for viewers leave. */
import type { Chunk } from '../../encode/worker/chunk.ts';
import { preloadMuxer } from '../../encode/worker/clip-muxer.ts';
import { createEncoder } from '../../encode/worker/encoder.ts';
import { createRing } from '../../encode/worker/ring.ts';
import { createIntrusionMachine, type IntrusionChange } from '../../events/shared/intrusion.ts';
import type { Recorder, Sighting } from '../../events/worker/recorder.ts';
import { createCaptureClock } from '../shared/capture-clock.ts';
import type { DetectorPictures, MotionReport, WatchSettings } from '../shared/messages.ts';
import { createEye } from './eye.ts';
import { createPhotographer } from './photo.ts';
import type { Picture } from './picture.ts';

/** What a clip shows of the time before its event, seconds. */
const PRE_CAPTURE_SECONDS = 5;
/** Rate for which the encoder is set; a camera may give less. */
const FRAMES_PER_SECOND = 30;
/** The page is told about the detector this often, ms. */
const REPORT_MILLIS = 125;
const PICTURES_MILLIS = 200;
/** Live pictures where nothing encodes: this often, ms, at this quality. */
const JPEG_MILLIS = 200;
const JPEG_QUALITY = 0.6;

export interface WatchEvents {
  onReport(report: MotionReport): void;
  onPictures(pictures: DetectorPictures): void;
  onSnapshot(atMillis: number, jpeg: Uint8Array<ArrayBuffer>): void;
  onChunk(chunk: Chunk): void;
  onLiveJpeg(jpeg: Uint8Array<ArrayBuffer>, width: number, height: number, captureTimeMicros: number): void;
  /** Neither H.264 nor VP9 can be encoded here. */
  onNoEncoder(): void;
}

export interface Watch {
  picture(picture: Picture): void;
  /** Time goes by: an intrusion whose pictures stay away ends here. */
  tick(nowMillis: number): void;
  configure(settings: WatchSettings): void;
  /** The pictures come from another track from here on. */
  sourceChanged(): void;
  arm(): void;
  disarm(nowMillis: number): void;
  /** How many watch live. */
  setViewers(viewers: number): void;
  requestKey(): void;
  show(on: boolean): void;
  snapshot(): void;
}

/** @param canEncode whether the browser has WebCodecs at all */
export function createWatch(recorder: Recorder, canEncode: boolean, events: WatchEvents): Watch {
  const eye = createEye();
  const clock = createCaptureClock();
  const photographer = createPhotographer();
  const machine = createIntrusionMachine();
  const ring = createRing(PRE_CAPTURE_SECONDS);
  let encodes = canEncode;
  let armed = false;
  let viewers = 0;
  let showing = false;
  let snapshotWanted = false;
  let reportedAt = 0;
  let reportedMotion = false;
  let picturedAt = 0;
  let jpegAt = 0;
  let size = '';
  let masks = '';
  /** Those who watch have missed chunks: nothing before the next key chunk can be shown. */
  let liveNeedsKey = true;
  /** The film under way has ended in the middle of its event. */
  let filmCut = false;

  const encoder = createEncoder(FRAMES_PER_SECOND, {
    onChunk(chunk) {
      if (armed) ring.push(chunk);
      if (!recorder.chunk(chunk)) filmCut = true;
      if (chunk.type === 'key') liveNeedsKey = false;
      if (viewers > 0 && !liveNeedsKey) events.onChunk(chunk);
    },
    onUnsupported() {
      encodes = false;
      filmCut = true;
      events.onNoEncoder();
    },
  });

  const before = (continues: boolean): readonly Chunk[] | null => {
    if (!encodes) return null;
    const chunks = ring.chunks();
    return continues ? chunks.slice(chunks.findLastIndex((chunk) => chunk.type === 'key')) : [...chunks];
  };

  function begin(atMillis: number, picture: Picture, report: MotionReport, continues: boolean): void {
    recorder.begin(Math.round(atMillis), sightingOf(report), photographer.take(picture), before(continues), continues);
  }

  function follow(changes: readonly IntrusionChange[], picture: Picture, report: MotionReport): void {
    for (const change of changes) {
      if (change.type === 'over') recorder.end(change.endedAt);
      else begin(change.at, picture, report, change.continues);
    }
  }

  function end(changes: readonly IntrusionChange[]): void {
    for (const change of changes) if (change.type === 'over') recorder.end(change.endedAt);
  }

  /** The window records one film a track and mask. The worker's own are cut by the encoder's next configuration. */
  function cutWindowFilm(): void {
    if (!encodes) filmCut = true;
  }

  /** A turned phone, an encoder made anew: the film of one configuration ends, that of the other begins. */
  function goOn(picture: Picture, report: MotionReport, atMillis: number): void {
    const now = `${picture.width}×${picture.height}`;
    const turned = size !== '' && size !== now;
    size = now;
    if (turned) ring.clear();
    if (!turned && !filmCut) return;
    filmCut = false;
    if (!recorder.open()) return;
    recorder.end(atMillis);
    const chunks = encodes ? [...ring.chunks()] : null;
    recorder.begin(Math.round(atMillis), sightingOf(report), photographer.take(picture), chunks, true);
  }

  function tell(report: MotionReport, nowMillis: number): void {
    if (report.motion !== reportedMotion || nowMillis - reportedAt >= REPORT_MILLIS) {
      reportedMotion = report.motion;
      reportedAt = nowMillis;
      events.onReport(report);
    }
    if (!showing || nowMillis - picturedAt < PICTURES_MILLIS) return;
    picturedAt = nowMillis;
    events.onPictures(eye.pictures());
  }

  function feedLive(picture: Picture, captureTimeMicros: number, nowMillis: number): void {
    if (encodes && picture.frame) {
      if (armed || viewers > 0) encoder.encode(picture.frame, captureTimeMicros);
    } else if (viewers > 0 && nowMillis - jpegAt >= JPEG_MILLIS) {
      jpegAt = nowMillis;
      const { width, height } = picture;
      void photographer
        .take(picture, JPEG_QUALITY)
        .then((jpeg) => events.onLiveJpeg(jpeg, width, height, captureTimeMicros));
    }
  }

  return {
    picture(picture) {
      const nowMillis = Date.now();
      const captureTimeMicros = clock.captureTimeMicros(picture.timestampMicros, nowMillis);
      const atMillis = captureTimeMicros / 1000;
      const report = eye.look(picture, picture.timestampMicros / 1e6);
      goOn(picture, report, atMillis);
      if (armed) follow(machine.next({ at: atMillis, motion: report.motion }), picture, report);
      feedLive(picture, captureTimeMicros, nowMillis);
      if (snapshotWanted) {
        snapshotWanted = false;
        void photographer.take(picture).then((jpeg) => events.onSnapshot(atMillis, jpeg));
      }
      tell(report, nowMillis);
    },
    tick(nowMillis) {
      end(machine.idle(nowMillis));
    },
    configure(settings) {
      eye.configure(settings);
      const next = JSON.stringify(settings.masks);
      if (next === masks) return;
      masks = next;
      // What was seen without the mask leaves neither in a later clip nor, by a group kept for who joins, live.
      ring.clear();
      encoder.close();
      cutWindowFilm();
    },
    sourceChanged: cutWindowFilm,
    arm() {
      armed = true;
      if (encodes) void preloadMuxer();
    },
    disarm(nowMillis) {
      end(machine.disarm(nowMillis));
      armed = false;
      ring.clear();
      if (viewers === 0) encoder.close();
    },
    setViewers(count) {
      const isFirst = viewers === 0 && count > 0;
      viewers = count;
      if (isFirst) {
        liveNeedsKey = true;
        encoder.requestKey();
      }
      if (viewers === 0 && !armed) encoder.close();
    },
    requestKey: encoder.requestKey,
    show(on) {
      showing = on;
      eye.show(on);
    },
    snapshot() {
      snapshotWanted = true;
    },
  };
}

/** The facts of a report: what the detector saw, in numbers. */
function sightingOf({ changedRatio, reason: { code, ...values }, boxes }: MotionReport): Sighting {
  return {
    score: Math.min(1, Math.max(0, changedRatio)),
    reason: { code, values },
    boxes: boxes.slice(0, 16).map(([x, y, width, height]) => [x, y, width, height]),
  };
}
