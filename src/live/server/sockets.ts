/** The servers' upgrades enter; cameras' and viewers' sockets, and all that is pushed over them, leave. */
import type { IncomingMessage, Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Presence } from '../../cameras/shared/presence.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { CLOSE } from '../shared/protocol.ts';
import { type CameraConnection, serveCamera } from './camera-socket.ts';
import { createDirectory } from './directory.ts';
import { isOwnOrigin } from './origin.ts';
import { CAMERA_SOCKET_PATH, VIEWER_SOCKET_PATH } from './paths.ts';
import { createRelay } from './relay.ts';
import { createUnproven } from './unproven.ts';
import { type ReachedAs, serveViewer } from './viewer-socket.ts';
import { createViewers } from './viewers.ts';
import { closeSoon } from './wire.ts';

export interface LiveServices {
  readonly servers: readonly (Server | HttpsServer)[];
  readonly accounts: {
    accountByCookie(cookie: string, to: ReachedAs): Promise<{ readonly id: string } | null>;
  };
  /** Where an upgrade comes from, a trusted proxy looked through. */
  readonly arrivalOf: (request: IncomingMessage) => ReachedAs & {
    /** Who is behind the address: a household counts as one. */
    readonly network: string;
  };
  readonly db: Database;
  readonly presence: Presence;
  readonly announcements: {
    on(
      listener: (change: { readonly accountId: string; readonly cameraId: string; readonly eventId: string }) => void,
    ): () => void;
  };
  /** What is done to cameras on this server, after it is committed. */
  readonly changes: {
    on(
      listener: (change: {
        readonly cameraId: string;
        readonly accountId: string;
        readonly what: 'registered' | 'changed' | 'revoked';
      }) => void,
    ): () => void;
  };
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
  /** The configured address, where one is. */
  readonly publicUrl?: string | undefined;
  /** For each step of a handshake, ms. */
  readonly stepMillis?: number;
  /** Sessions and cameras are asked for again this often, ms. */
  readonly recheckMillis?: number;
}

/** The live part of a running server. */
export interface LiveSockets {
  /** The camera was revoked or deleted: its socket closes at once. */
  dropCamera(cameraId: string): void;
  /** Sessions may have ended: viewers whose cookie is none any more are closed. */
  recheckSessions(): Promise<void>;
  /** Closes every socket. */
  close(): void;
}

const REVOKED = { code: 'camera-revoked', message: 'The account removed this camera.' } as const;
const REPLACED = { code: 'replaced', message: 'Another page of this camera took over.' } as const;

/** A key frame of 1080p, or a JPEG, with room to spare, bytes. */
const CAMERA_PAYLOAD_MAX = 2 * 1024 * 1024;
const VIEWER_PAYLOAD_MAX = 16 * 1024;

/** Serves `/api/live/camera` and `/api/live/watch`; any other upgrade is refused with 404. */
export function attachSockets(services: LiveServices): LiveSockets {
  const { presence, accounts, arrivalOf, clock, log, stepMillis = 5000, recheckMillis = 10_000 } = services;
  const directory = createDirectory(services.db, presence);
  const relay = createRelay();
  const cameras = new Map<string, CameraConnection>();
  const viewers = createViewers({
    camerasOf: directory.camerasOf,
    accountByCookie: accounts.accountByCookie,
    clock,
    log,
  });
  const cameraServer = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: CAMERA_PAYLOAD_MAX,
  });
  const viewerServer = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: VIEWER_PAYLOAD_MAX,
  });
  const socketServices = { directory, presence, relay, clock, stepMillis };

  const unproven = createUnproven();
  /** Upgrades that are not decided yet. */
  const undecided = new Set<Duplex>();
  const acceptCamera = (socket: WebSocket, connection: Duplex, network: string) => {
    const prove = unproven.add(socket, connection, network);
    serveCamera(socket, socketServices, (camera) => {
      prove();
      cameras.get(camera.cameraId)?.close(CLOSE.replaced, REPLACED);
      cameras.set(camera.cameraId, camera);
      return () => {
        if (cameras.get(camera.cameraId) === camera) cameras.delete(camera.cameraId);
      };
    });
  };
  // Asynchronous, all three: what is thrown while letting one in must not end the server.
  const refuseUnknown = async (_request: IncomingMessage, socket: Duplex) => refuse(socket, '404 Not Found');
  const upgradeCamera = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { network } = arrivalOf(request);
    if (unproven.isFull(network)) return refuse(socket, '503 Service Unavailable');
    cameraServer.handleUpgrade(request, socket, head, (opened) => acceptCamera(opened, socket, network));
  };
  const upgradeViewer = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isOwnOrigin(request.headers.origin, request.headers.host, services.publicUrl))
      return refuse(socket, '403 Forbidden');
    const cookie = request.headers.cookie ?? '';
    const { protocol, host } = arrivalOf(request);
    const reachedAs = { protocol, host };
    const account = await accounts.accountByCookie(cookie, reachedAs);
    if (!account) return refuse(socket, '401 Unauthorized');
    if (socket.destroyed) return;
    viewerServer.handleUpgrade(request, socket, head, (opened) =>
      serveViewer(opened, { accountId: account.id, cookie, reachedAs }, socketServices, viewers.add),
    );
  };
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = request.url?.split('?', 1)[0];
    socket.on('error', () => socket.destroy());
    // Reset by its other side already: it has no address any more, and nobody reads an answer.
    if (request.socket.remoteAddress === undefined) {
      socket.destroy();
      return;
    }
    const upgrade =
      path === CAMERA_SOCKET_PATH ? upgradeCamera : path === VIEWER_SOCKET_PATH ? upgradeViewer : refuseUnknown;
    undecided.add(socket);
    upgrade(request, socket, head)
      .catch((error: unknown) => {
        complain('a connection could not be let in')(error);
        refuse(socket, '500 Internal Server Error');
      })
      .finally(() => undecided.delete(socket));
  };
  const dropCamera = (cameraId: string) => {
    cameras.get(cameraId)?.close(CLOSE.revoked, REVOKED);
    presence.forget(cameraId);
  };
  const recheck = async () => {
    const ids = [...cameras.keys()];
    const inUse = await directory.stillInUse(ids);
    for (const id of ids) if (!inUse.has(id)) dropCamera(id);
    await viewers.recheckSessions();
  };

  const onChange = async (what: 'registered' | 'changed' | 'revoked', cameraId: string, accountId: string) => {
    viewers.tellCameras(accountId);
    if (what === 'revoked') return dropCamera(cameraId);
    const connection = cameras.get(cameraId);
    const camera = connection ? await directory.camera(cameraId) : null;
    if (camera) connection?.changed(camera);
  };
  const complain = (what: string) => (error: unknown) => log.warn({ err: error }, what);

  for (const server of services.servers) server.on('upgrade', onUpgrade);
  const endPresence = presence.onChange(({ accountId }) => viewers.tellCameras(accountId));
  const endAnnouncements = services.announcements.on(({ accountId, cameraId, eventId }) =>
    viewers.tell(accountId, { type: 'event', cameraId, eventId }),
  );
  const endChanges = services.changes.on(({ what, cameraId, accountId }) => {
    onChange(what, cameraId, accountId).catch(complain('a camera could not be told of a change'));
  });
  const timer = setInterval(() => {
    recheck().catch(complain('live sessions could not be checked; trying again'));
  }, recheckMillis).unref();

  return {
    dropCamera,
    recheckSessions: viewers.recheckSessions,
    close() {
      clearInterval(timer);
      endPresence();
      endAnnouncements();
      endChanges();
      viewers.close();
      for (const server of services.servers) server.off('upgrade', onUpgrade);
      for (const socket of undecided) socket.destroy();
      for (const socket of [...cameraServer.clients, ...viewerServer.clients]) closeSoon(socket, 1001, 'restarting');
    },
  };
}

/** Answers an upgrade that is not to be one, and does not wait for the other side to close. */
function refuse(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
