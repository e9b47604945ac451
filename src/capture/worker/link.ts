/** Chunks, JPEGs and the camera's state enter; they leave for whoever watches, through the live publisher. */

import type { Beat } from '../../cameras/shared/presence.ts';
import type { CameraSettings } from '../../cameras/shared/schema.ts';
import { type CameraCredentials, signChallenge } from '../../cameras/worker/signed-request.ts';
import type { Chunk } from '../../encode/worker/chunk.ts';
import { JPEG_CODEC } from '../../live/shared/protocol.ts';
import { createPublisher, type PublisherState } from '../../live/worker/publisher.ts';

export interface LinkEvents {
  /** @param viewers how many watch; the next chunk must be a key chunk where `key` */
  onWatched(viewers: number, key: boolean): void;
  onSettings(name: string, settings: CameraSettings): void;
  onState(state: PublisherState): void;
}

export interface Link {
  beat(beat: Beat): void;
  chunk(chunk: Chunk): void;
  /** Instead of chunks, where nothing can encode. @param captureTimeMicros microseconds since 1970 */
  jpeg(jpeg: Uint8Array, width: number, height: number, captureTimeMicros: number): void;
  close(): void;
}

/** @param origin of this server: `https://vigie.local:8443` */
export function createLink(credentials: CameraCredentials, origin: string, events: LinkEvents): Link {
  let config: VideoDecoderConfig | null = null;
  let jpegSize = '';
  const publisher = createPublisher({
    url: `${origin.replace(/^http/, 'ws')}/api/live/camera`,
    cameraId: credentials.cameraId,
    sign: (nonce) => signChallenge(credentials, nonce),
    onWatched: events.onWatched,
    onSettings: (settings, name) => events.onSettings(name, settings),
    onState: events.onState,
  });
  return {
    beat: publisher.beat,
    chunk(chunk) {
      if (config !== chunk.config) {
        if (chunk.type !== 'key') return;
        config = chunk.config;
        publisher.config({
          codec: config.codec,
          codedWidth: config.codedWidth ?? 0,
          codedHeight: config.codedHeight ?? 0,
        });
      }
      const { type, data } = chunk;
      publisher.chunk({ type, byteLength: data.byteLength, copyTo: (to) => to.set(data) }, chunk.captureTimeMicros);
    },
    jpeg(jpeg, width, height, captureTimeMicros) {
      if (jpegSize !== `${width}×${height}`) {
        jpegSize = `${width}×${height}`;
        publisher.config({ codec: JPEG_CODEC, codedWidth: width, codedHeight: height });
      }
      publisher.chunk({ type: 'key', byteLength: jpeg.byteLength, copyTo: (to) => to.set(jpeg) }, captureTimeMicros);
    },
    close: publisher.close,
  };
}
