/** The wall on a scripted socket: what it says of a camera's codec holds for the codec of now. */
import { afterEach, expect, it, vi } from 'vitest';
import { FakeSocket } from '../../../test/kit/fake-socket.ts';
import { JPEG_CODEC } from '../../live/shared/protocol.ts';

const CAMERA = '0190f0f0-0000-7000-8000-00000000000a';
const SIZE = { codedWidth: 640, codedHeight: 480 };

afterEach(() => vi.unstubAllGlobals());

async function openedWall() {
  const listeners = { addEventListener: () => undefined, removeEventListener: () => undefined };
  const sockets: FakeSocket[] = [];
  vi.stubGlobal('window', listeners);
  vi.stubGlobal('document', listeners);
  vi.stubGlobal('location', { origin: 'https://vigie.example' });
  // No VideoDecoder: no codec but single images can be shown.
  vi.stubGlobal('VideoDecoder', undefined);
  vi.stubGlobal(
    'WebSocket',
    class extends FakeSocket {
      constructor() {
        super();
        sockets.push(this);
      }
    },
  );
  const { openWall } = await import('./wall.ts');
  const wall = openWall();
  const [socket] = sockets;
  if (!socket) throw new Error('no socket was opened');
  socket.accept();
  const canvas = { getContext: () => null } as unknown as HTMLCanvasElement;
  const configure = (codec: string) =>
    socket.say({ type: 'config', cameraId: CAMERA, channel: 1, video: { codec, ...SIZE } });
  return { wall, canvas, configure };
}

it('says that a codec cannot be shown for as long as the camera sends it', async () => {
  const { wall, canvas, configure } = await openedWall();
  const screen = wall.show(CAMERA, canvas);
  configure('avc1.42001f');
  expect(wall.unsupported.value.get(CAMERA)).toBe('avc1.42001f');
  configure(JPEG_CODEC);
  expect(wall.unsupported.value.has(CAMERA)).toBe(false);
  configure('avc1.42001f');
  screen.end();
  expect(wall.unsupported.value.has(CAMERA)).toBe(false);
  wall.close();
});
