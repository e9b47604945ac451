/** What the camera's page and its worker tell each other: both sides are ours and of one build, so types are enough. */
import type { CameraSettings, CameraState } from '../../cameras/shared/schema.ts';
import type { Reason } from '../../motion/shared/reason.ts';

/** What the worker must know of the settings; masks included. */
export type WatchSettings = Pick<CameraSettings, 'sensitivity' | 'thresholdPercent' | 'streaming' | 'masks'>;

/** Why a camera cannot see, although it is armed. */
export type BlindCause =
  /** The system or the person took the camera away, or pulled its plug. */
  | 'track-ended'
  /** The system holds the picture back: a phone call, another program, the lid. */
  | 'track-muted'
  /** The track lives, but no picture has come for seconds. */
  | 'no-frames'
  /** The machine may fall asleep at any moment. */
  | 'no-wake-lock'
  /** The page was closed or reloaded while it was armed. */
  | 'page-gone';

/** Where frames come from; `T` stands for what only one of the two sides knows the type of. */
export type FeedSource<Readable, Track> =
  /** A MediaStreamTrackProcessor made in the window: Chrome, Edge. */
  | { readonly kind: 'readable'; readonly readable: Readable }
  /** A track for a MediaStreamTrackProcessor made in the worker: Safari. */
  | { readonly kind: 'track'; readonly track: Track }
  /** Pictures that the window draws whenever the worker's clock asks for one: everything else. */
  | { readonly kind: 'pictures' };

/** Window → worker. */
export type ToWorker<Readable = unknown, Track = unknown, Key = unknown, Bitmap = unknown> =
  | { readonly type: 'open'; readonly source: FeedSource<Readable, Track> }
  | { readonly type: 'close' }
  | { readonly type: 'picture'; readonly bitmap: Bitmap; readonly timestampMicros: number }
  | { readonly type: 'configure'; readonly settings: WatchSettings }
  /** From now on events are sent, in this camera's name. Never said while trying without an account. */
  | { readonly type: 'pair'; readonly cameraId: string; readonly privateKey: Key }
  | { readonly type: 'arm' }
  | { readonly type: 'disarm' }
  /** What a visit or a worker that broke off while armed has missed, ms since 1970. */
  | {
      readonly type: 'missed';
      readonly cause: 'page-gone' | 'no-frames';
      readonly fromMillis: number;
      readonly untilMillis: number;
      readonly openEvent: OpenEvent | null;
    }
  /** A delay begins (ms) and is counted by the worker, whose clock no hidden tab slows; null: called off. */
  | { readonly type: 'delay'; readonly millis: number | null }
  | { readonly type: 'blind'; readonly cause: BlindCause; readonly on: boolean }
  /** Whether to send the three pictures of the detector. */
  | { readonly type: 'show'; readonly on: boolean }
  /** Asks for a photo of this moment, answered by `photo` without an event. */
  | { readonly type: 'snapshot' }
  /** A piece of a film that the window records, where the worker cannot encode. */
  | {
      readonly type: 'recorded';
      readonly eventId: string;
      readonly bytes: ArrayBuffer;
      readonly mediaType: string;
      readonly last: boolean;
    }
  | { readonly type: 'online' }
  | {
      readonly type: 'patch';
      readonly change: { readonly name?: string; readonly settings?: Partial<CameraSettings> };
    };

/** An event that is going on, so that the next visit can end it. */
export interface OpenEvent {
  readonly eventId: string;
  /** Its facts as they were sent, JSON. */
  readonly facts: string;
  /** Parts of its clip that have left so far. */
  readonly parts: number;
  /** What these parts are. */
  readonly mediaType: string;
}

/** What the detector made of a frame. */
export interface MotionReport {
  readonly motion: boolean;
  readonly score: number;
  /** Changed pixels ÷ pixels, 0..1. */
  readonly changedRatio: number;
  /** What `changedRatio` is held against, 0..1. */
  readonly thresholdRatio: number;
  /** The indicator of the 2013 system, ÷ 4; it alarmed above 2. */
  readonly legacyValue: number;
  readonly reason: Reason;
  /** Fractions of the picture: x, y, width, height. */
  readonly boxes: readonly (readonly [number, number, number, number])[];
  /** Size of the picture in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Three pictures of the detector, luma, row-major, `width × height` each. */
export interface DetectorPictures {
  readonly width: number;
  readonly height: number;
  readonly frame: Uint8Array<ArrayBuffer>;
  readonly reference: Uint8Array<ArrayBuffer>;
  /** 0 or 255. */
  readonly difference: Uint8Array<ArrayBuffer>;
}

/** How the connection for live pictures and settings stands; `elsewhere`: another tab of this browser has it. */
export type LinkState =
  | 'off'
  | 'elsewhere'
  | 'connecting'
  | 'ready'
  | 'waiting'
  | 'unreachable'
  | 'replaced'
  | 'refused';

/** Worker → window. */
export type FromWorker =
  /** The first message. @see FeedSource */
  | { readonly type: 'ready'; readonly hasTrackProcessor: boolean; readonly canEncode: boolean }
  /** Four times a second while a delay runs; 0: it is over. */
  | { readonly type: 'delay'; readonly leftMillis: number }
  /** The worker's clock asks for a picture. */
  | { readonly type: 'tick' }
  /** A few times a second, and at once when `motion` changes. */
  | { readonly type: 'motion'; readonly report: MotionReport }
  | { readonly type: 'pictures'; readonly pictures: DetectorPictures }
  /** Every two seconds while armed: to be kept for the case that the page goes. */
  | { readonly type: 'beat'; readonly atMillis: number; readonly openEvent: OpenEvent | null }
  | { readonly type: 'state'; readonly state: CameraState; readonly blind: readonly BlindCause[] }
  | {
      readonly type: 'event';
      readonly phase: 'confirmed' | 'over';
      readonly eventId: string;
      readonly atMillis: number;
    }
  /** JPEG; `eventId` is null for a snapshot. */
  | {
      readonly type: 'photo';
      readonly eventId: string | null;
      readonly atMillis: number;
      readonly jpeg: Uint8Array<ArrayBuffer>;
    }
  | {
      readonly type: 'part';
      readonly eventId: string;
      readonly atMillis: number;
      readonly n: number;
      readonly last: boolean;
      readonly mediaType: string;
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  /** The window is to record a film of this event, or to end it. */
  | { readonly type: 'record'; readonly eventId: string; readonly on: boolean }
  | {
      readonly type: 'sent';
      readonly kind: 'facts' | 'photo' | 'part';
      readonly eventId: string;
      readonly atMillis: number;
    }
  | {
      readonly type: 'dropped';
      readonly kind: 'facts' | 'photo' | 'part';
      readonly eventId: string;
      readonly code: string;
    }
  | { readonly type: 'queue'; readonly events: number; readonly state: 'sending' | 'waiting' | 'revoked' }
  | { readonly type: 'disk-full' }
  /** Answer to `patch`: whether the server has the change. */
  | { readonly type: 'patched'; readonly ok: boolean }
  | { readonly type: 'link'; readonly state: LinkState; readonly viewers: number }
  /** Name and settings as the server has them. */
  | { readonly type: 'settings'; readonly name: string; readonly settings: CameraSettings }
  /** The machine cannot encode: film by the window's MediaRecorder, live as JPEG. */
  | { readonly type: 'no-encoder' };
