/** The page's one connection enters; signals of cameras, of the connection and of each picture's age leave for the tiles. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Session } from '../../accounts/shared/account.ts';
import type { Camera } from '../../cameras/shared/schema.ts';
import { type Connection, type ConnectionState, connectViewer } from '../../live/browser/connection.ts';
import { createPicture } from '../../live/browser/picture.ts';
import type { LiveChunk } from '../../live/shared/chunk.ts';
import type { VideoConfig } from '../../live/shared/protocol.ts';
import { api } from '../shell/api.ts';

/** One camera's picture on a canvas, from now until `end`. */
export interface Screen {
  /** Capture time of the picture in sight, ms since 1970, server time; null: none yet. */
  readonly lastFrameAt: number | null;
  /** From capture to canvas, smoothed, ms; as exact as the two clocks' offsets. */
  readonly delayMillis: number;
  end(): void;
}

export interface Wall {
  /** Null before the first list. */
  readonly cameras: ReadonlySignal<readonly Camera[] | null>;
  readonly connection: ReadonlySignal<ConnectionState>;
  /** The server's time, ms since 1970, a few times a second. */
  readonly now: ReadonlySignal<number>;
  /** Codec that this browser cannot show, by camera. */
  readonly unsupported: ReadonlySignal<ReadonlyMap<string, string>>;
  show(cameraId: string, canvas: HTMLCanvasElement): Screen;
  close(): void;
}

const TICK_MILLIS = 200;

export function openWall(): Wall {
  const cameras = signal<readonly Camera[] | null>(null);
  const connectionState: Signal<ConnectionState> = signal('connecting');
  const unsupported = signal<ReadonlyMap<string, string>>(new Map());
  const screens = new Map<string, { configure(video: VideoConfig): void; chunk(chunk: LiveChunk): void }>();
  const forgetCodec = (cameraId: string) => {
    if (!unsupported.value.has(cameraId)) return;
    unsupported.value = new Map([...unsupported.value].filter(([id]) => id !== cameraId));
  };
  const connection = connectViewer({
    url: `${location.origin.replace(/^http/, 'ws')}/api/live/watch`,
    onCameras: (list) => {
      cameras.value = list;
    },
    onConfig: (cameraId, video) => {
      // Another codec may be one that this browser can show.
      forgetCodec(cameraId);
      screens.get(cameraId)?.configure(video);
    },
    onChunk: (cameraId, chunk) => screens.get(cameraId)?.chunk(chunk),
    onState: (state) => {
      connectionState.value = state;
    },
    signedIn,
  });
  const now = signal(connection.serverNow());
  const ticking = setInterval(() => {
    now.value = connection.serverNow();
  }, TICK_MILLIS);
  const endWaking = whenAwake(connection);

  return {
    cameras,
    connection: connectionState,
    now,
    unsupported,
    show(cameraId, canvas) {
      let lastFrameAt: number | null = null;
      let delayMillis = 0;
      const picture = createPicture({
        canvas,
        onDrawn: (captureTimeMicros) => {
          const delay = Math.max(0, connection.serverNow() - captureTimeMicros / 1000);
          delayMillis = lastFrameAt === null ? delay : delayMillis + (delay - delayMillis) / 16;
          lastFrameAt = captureTimeMicros / 1000;
        },
        onUnsupported: (codec) => {
          unsupported.value = new Map(unsupported.value).set(cameraId, codec);
        },
      });
      screens.set(cameraId, picture);
      connection.watch(cameraId);
      return {
        get lastFrameAt() {
          return lastFrameAt;
        },
        get delayMillis() {
          return delayMillis;
        },
        end() {
          screens.delete(cameraId);
          forgetCodec(cameraId);
          connection.leave(cameraId);
          picture.close();
        },
      };
    },
    close() {
      clearInterval(ticking);
      endWaking();
      connection.close();
    },
  };
}

/** Asked when the socket did not open. Rejects where the server cannot be reached; the page's own session stays as it is. */
async function signedIn(): Promise<boolean> {
  const { account } = await api<Session>('GET', '/api/session');
  return account !== null;
}

/** A machine that slept or changed its network looks after its connection at once. */
function whenAwake(connection: Connection): () => void {
  const check = () => {
    if (document.visibilityState === 'visible') connection.check();
  };
  window.addEventListener('online', check);
  window.addEventListener('pageshow', check);
  document.addEventListener('visibilitychange', check);
  return () => {
    window.removeEventListener('online', check);
    window.removeEventListener('pageshow', check);
    document.removeEventListener('visibilitychange', check);
  };
}
