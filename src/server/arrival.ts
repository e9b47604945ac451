/** A request that Fastify does not see (an upgrade) enters; where it comes from and what it asked for leave, as Fastify would say. */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import proxyAddr from '@fastify/proxy-addr';

export interface Arrival {
  /** Address of the client, the trusted proxies before it left out. */
  readonly ip: string;
  /** `http` or `https`, as the browser sees it. */
  readonly protocol: string;
  /** Host and port that were asked for. */
  readonly host: string;
}

/** @param trustedProxies addresses and networks whose `X-Forwarded-…` fields count; undefined: nobody's */
export function arrivals(trustedProxies: readonly string[] | undefined): (request: IncomingMessage) => Arrival {
  const isTrusted = proxyAddr.compile([...(trustedProxies ?? [])]);
  return (request) => {
    const { socket, headers } = request;
    const forwarded = isTrusted(socket.remoteAddress ?? '', 0);
    const field = (name: string) => (forwarded ? lastOf(headers[name]) : undefined);
    return {
      ip: proxyAddr(request, isTrusted),
      protocol: field('x-forwarded-proto') ?? ((socket as Partial<TLSSocket>).encrypted ? 'https' : 'http'),
      host: field('x-forwarded-host') ?? headers.host ?? '',
    };
  };
}

/** The nearest proxy's word, where several wrote theirs. */
function lastOf(value: string | string[] | undefined): string | undefined {
  return [value ?? []].flat().at(-1)?.split(',').at(-1)?.trim() || undefined;
}
