/** A camera's WebSocket enters; after its proof, beats go to presence and chunks to the relay, until it falls silent. */
import type { WebSocket } from 'ws';
import { type Presence, SILENCE_MILLIS } from '../../cameras/shared/presence.ts';
import type { Clock } from '../../ports/clock.ts';
import { CameraMessage, CLOSE, type ToCameraMessage } from '../shared/protocol.ts';
import type { Directory, KnownCamera } from './directory.ts';
import { freshNonce, proves } from './proof.ts';
import type { Publication, Relay } from './relay.ts';
import { bytesOf, closeSaying, closeSoon, parseText, sendText } from './wire.ts';

export interface CameraSocketServices {
  readonly directory: Directory;
  readonly presence: Presence;
  readonly relay: Relay;
  readonly clock: Clock;
  /** For each step of the handshake, ms. */
  readonly stepMillis: number;
}

/** A camera that has proven itself. */
export interface CameraConnection {
  readonly cameraId: string;
  /** Name or settings were changed on the server. */
  changed(camera: KnownCamera): void;
  close(code: number, error: { readonly code: string; readonly message: string }): void;
}

const ERRORS = {
  protocol: { code: 'protocol', message: 'This message is not of this protocol, or out of turn.' },
  deadline: { code: 'deadline', message: 'The answer took too long; connect again.' },
  signatureInvalid: { code: 'signature-invalid', message: 'This browser does not hold the key of that camera.' },
  revoked: { code: 'camera-revoked', message: 'The account removed this camera.' },
} as const;

/**
 * Runs one socket.
 * @param onProven called once, with the connection; what it returns is called when the socket has closed
 */
export function serveCamera(
  socket: WebSocket,
  services: CameraSocketServices,
  onProven: (connection: CameraConnection) => () => void,
): void {
  let handle: (message: CameraMessage) => void = onHello;
  let publication: Publication | null = null;
  let deadline = expectWithin(services.stepMillis);

  function expectWithin(millis: number): NodeJS.Timeout {
    return setTimeout(() => closeSaying(socket, CLOSE.deadline, ERRORS.deadline), millis).unref();
  }
  function refuse(): void {
    closeSaying(socket, CLOSE.protocol, ERRORS.protocol);
  }
  function onHello(message: CameraMessage): void {
    if (message.type !== 'hello') return refuse();
    const nonce = freshNonce();
    handle = (answer) => {
      if (answer.type !== 'proof') return refuse();
      handle = refuse;
      verify(message.cameraId, nonce, answer.signature).catch(() => socket.terminate());
    };
    deadline.refresh();
    send({ type: 'challenge', nonce });
  }
  async function verify(cameraId: string, nonce: string, signature: string): Promise<void> {
    const camera = await services.directory.camera(cameraId);
    if (socket.readyState !== socket.OPEN) return;
    if (!camera || !proves(camera.publicKey, cameraId, nonce, signature))
      return closeSaying(socket, CLOSE.signatureInvalid, ERRORS.signatureInvalid);
    if (camera.revoked) return closeSaying(socket, CLOSE.revoked, ERRORS.revoked);
    clearTimeout(deadline);
    begin(camera);
  }
  function begin(proven: KnownCamera): void {
    let { settings } = proven;
    let saysStreaming = false;
    const { accountId, id: cameraId } = proven;
    const published = services.relay.publish(cameraId, {
      watched: (viewers, key) => send({ type: 'watched', viewers, key }),
    });
    publication = published;
    const settle = () => published.streaming(saysStreaming && settings.streaming);
    deadline = setTimeout(() => socket.terminate(), SILENCE_MILLIS).unref();
    handle = (message) => {
      deadline.refresh();
      if (message.type === 'beat') {
        services.presence.beat(cameraId, accountId, message);
        send({ type: 'beat', sentAt: message.sentAt, serverNow: services.clock.now() });
        saysStreaming = message.streaming;
        settle();
      } else if (message.type === 'config') published.config(message.video);
      else refuse();
    };
    const onClosed = onProven({
      cameraId,
      changed(camera) {
        settings = camera.settings;
        send({ type: 'settings', name: camera.name, settings });
        settle();
      },
      close: (code, error) => {
        published.end();
        closeSaying(socket, code, error);
      },
    });
    socket.once('close', onClosed);
    send({ type: 'ready', name: proven.name, settings, serverNow: services.clock.now() });
  }
  function send(message: ToCameraMessage): void {
    sendText(socket, message);
  }

  socket.on('message', (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary) {
      if (!publication?.chunk(bytesOf(data))) refuse();
      return;
    }
    const message = parseText(CameraMessage, data);
    if (message) handle(message);
    else refuse();
  });
  socket.once('close', () => {
    clearTimeout(deadline);
    publication?.end();
  });
  socket.on('error', () => closeSoon(socket, CLOSE.protocol, 'protocol'));
}
