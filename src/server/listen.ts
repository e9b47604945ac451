/** A request handler enters; the open HTTP and HTTPS servers and their addresses leave. */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { answerClientError } from './client-error.ts';

export interface Listening {
  readonly servers: readonly (Server | HttpsServer)[];
  /** Null where HTTPS is off. */
  readonly https: HttpsServer | null;
  readonly httpPort: number;
  readonly httpsPort: number | null;
  close(): Promise<void>;
}

export interface ListenOptions {
  /** Undefined: HTTP on loopback (both families), HTTPS on every address. */
  readonly host: string | undefined;
  readonly port: number;
  readonly httpsPort: number;
  /** Certificate and key; null: no HTTPS. */
  readonly tls: SecureContextOptions | null;
  /** Told of what goes wrong while listening, such as too many open files: the server goes on. */
  readonly onError: (error: Error) => void;
  /** Answers under way and upgraded connections have this long to end by themselves when the server closes, ms. */
  readonly closeMillis?: number;
}

const TIMEOUTS = {
  /** For a request to come in whole: a part of a clip (some 2 MB) at 4 kB/s; an answer may take as long as it wants. */
  requestTimeout: 600_000,
  headersTimeout: 60_000,
  /** Longer than a proxy keeps a connection for its next request (Caddy: two minutes): it must not meet a closed one. */
  keepAliveTimeout: 130_000,
} as const;
const CLOSE_MILLIS = 2000;

/** Opens the ports. @throws the system's error (EADDRINUSE, EACCES) with its address. */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<Listening> {
  const servers: (Server | HttpsServer)[] = [];
  /** All, upgraded ones and those that did not begin TLS included. */
  const connections = new Set<Socket>();
  /** Under way. */
  let answers = 0;
  let onAnswered = () => {};
  const open = async <S extends Server | HttpsServer>(server: S, port: number, host: string): Promise<number> => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, ipv6Only: host === '::1' }, () => {
        server.removeListener('error', reject);
        resolve();
      });
    });
    server.on('error', options.onError);
    server.on('clientError', answerClientError);
    server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
      answers += 1;
      response.once('close', () => {
        answers -= 1;
        if (answers === 0) onAnswered();
      });
    });
    server.on('connection', (socket: Socket) => {
      connections.add(socket);
      socket.once('close', () => connections.delete(socket));
    });
    servers.push(server);
    return (server.address() as AddressInfo).port;
  };
  const close = async () => {
    const ending = setTimeout(() => {
      for (const socket of connections) socket.destroy();
    }, options.closeMillis ?? CLOSE_MILLIS);
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    // Those that asked nothing wait no longer than those that did.
    onAnswered = () => {
      for (const server of servers) server.closeAllConnections();
    };
    if (answers === 0) onAnswered();
    await Promise.all(closed);
    clearTimeout(ending);
  };
  try {
    const httpPort = await open(createHttpServer(TIMEOUTS, handler), options.port, options.host ?? '127.0.0.1');
    if (options.host === undefined)
      await open(createHttpServer(TIMEOUTS, handler), httpPort, '::1').catch(ignoreMissingFamily);
    const https = options.tls === null ? null : createHttpsServer({ ...options.tls, ...TIMEOUTS }, handler);
    const httpsPort =
      https === null
        ? null
        : await open(https, options.httpsPort, options.host ?? '::').catch((error: unknown) => {
            ignoreMissingFamily(error);
            return open(https, options.httpsPort, '0.0.0.0');
          });
    return { servers, https, httpPort, httpsPort, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A machine without IPv6 has only the one loopback. */
function ignoreMissingFamily(error: unknown): void {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') throw error;
}
