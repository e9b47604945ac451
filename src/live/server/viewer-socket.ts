/** A signed-in viewer's WebSocket enters; it may watch its own account's cameras, and hears of their changes. */
import type { WebSocket } from 'ws';
import type { Clock } from '../../ports/clock.ts';
import { CLOSE, type ToViewerMessage, ViewerMessage } from '../shared/protocol.ts';
import type { Directory } from './directory.ts';
import type { Relay, ViewerLink } from './relay.ts';
import { closeSaying, closeSoon, parseText, sendText } from './wire.ts';

export interface ViewerSocketServices {
  readonly directory: Directory;
  readonly relay: Relay;
  readonly clock: Clock;
  /** For the first message, ms. */
  readonly stepMillis: number;
}

/** How and under which name a browser reached this server. */
export interface ReachedAs {
  readonly protocol: string;
  readonly host: string;
}

/** A viewer who has said hello. */
export interface ViewerConnection {
  readonly accountId: string;
  /** The cookie of the upgrade, and the address it was sent to: whether it still is a session is asked again from time to time. */
  readonly cookie: string;
  readonly reachedAs: ReachedAs;
  text(message: ToViewerMessage): void;
  /** The session has ended: nothing more is sent. */
  endSession(): void;
}

/** A viewer that says nothing for longer than this is gone, ms. */
const SILENCE_MILLIS = 20_000;
/** A hidden page's timers stand nearly still, but its browser answers pings (RFC 6455 § 5.5.2), ms. */
const PING_MILLIS = 7000;
/** Messages of a viewer that wait for the database at most; more is not a person. */
const PENDING_MAX = 200;

const ERRORS = {
  protocol: { code: 'protocol', message: 'This message is not of this protocol, or out of turn.' },
  deadline: { code: 'deadline', message: 'The first message took too long; connect again.' },
  sessionEnded: { code: 'session-ended', message: 'The session has ended; sign in again.' },
} as const;

/**
 * Runs one socket of an account.
 * @param onHello called once; what it returns is called when the socket has closed
 */
export function serveViewer(
  socket: WebSocket,
  session: Pick<ViewerConnection, 'accountId' | 'cookie' | 'reachedAs'>,
  services: ViewerSocketServices,
  onHello: (connection: ViewerConnection) => () => void,
): void {
  const { directory, relay, clock } = services;
  const watched = new Set<string>();
  const link: ViewerLink = {
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    binary: (frame) => socket.send(frame, { binary: true }),
    text: (message) => sendText(socket, message),
  };
  let greeted = false;
  let pending = 0;
  /** One after the other, so that `leave` never overtakes its `watch`. */
  let queue = Promise.resolve();
  let silence = setTimeout(() => closeSaying(socket, CLOSE.deadline, ERRORS.deadline), services.stepMillis).unref();

  const leaveAll = () => {
    for (const cameraId of watched) relay.leave(cameraId, link);
    watched.clear();
  };
  const refuse = () => closeSaying(socket, CLOSE.protocol, ERRORS.protocol);
  const watch = async (cameraId: string) => {
    const owned = await directory.owns(session.accountId, cameraId);
    if (socket.readyState !== socket.OPEN) return;
    if (!owned)
      return link.text({
        type: 'error',
        code: 'camera-unknown',
        message: 'This account has no such camera.',
        cameraId,
      });
    watched.add(cameraId);
    relay.watch(cameraId, link);
  };
  const leave = (cameraId: string) => {
    if (watched.delete(cameraId)) relay.leave(cameraId, link);
  };
  const greet = async () => {
    greeted = true;
    clearTimeout(silence);
    silence = setTimeout(() => socket.terminate(), SILENCE_MILLIS).unref();
    const pinging = setInterval(() => socket.ping(), PING_MILLIS).unref();
    socket.on('pong', () => silence.refresh());
    socket.once('close', () => clearInterval(pinging));
    const onClosed = onHello({
      ...session,
      text: link.text,
      endSession() {
        leaveAll();
        closeSaying(socket, CLOSE.sessionEnded, ERRORS.sessionEnded);
      },
    });
    socket.once('close', onClosed);
    link.text({ type: 'cameras', cameras: await directory.camerasOf(session.accountId), serverNow: clock.now() });
  };
  const handle = async (message: ViewerMessage): Promise<void> => {
    if ((message.type === 'hello') === greeted) return refuse();
    if (message.type === 'hello') await greet();
    else if (message.type === 'watch') await watch(message.cameraId);
    else if (message.type === 'leave') leave(message.cameraId);
  };

  socket.on('message', (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    const message = isBinary ? null : parseText(ViewerMessage, data);
    if (!message || pending >= PENDING_MAX) return refuse();
    silence.refresh();
    if (message.type === 'ping' && greeted)
      return link.text({ type: 'pong', sentAt: message.sentAt, serverNow: clock.now() });
    pending++;
    queue = queue
      .then(() => handle(message))
      .catch(() => socket.terminate())
      .finally(() => pending--);
  });
  socket.once('close', () => {
    clearTimeout(silence);
    leaveAll();
  });
  socket.on('error', () => closeSoon(socket, CLOSE.protocol, 'protocol'));
}
