/** What happens on this server enters; Prometheus text leaves at `GET /metrics`: rates, errors, durations, nothing personal. */
import { timingSafeEqual } from 'node:crypto';
import { BlockList, isIPv4 } from 'node:net';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { ApiError } from '../ports/errors.ts';
import type { App } from './app-type.ts';
import type { Config } from './config.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** What the gauges read when they are asked. */
export interface MetricSources {
  /** Cameras by their state. */
  cameraStates(): Iterable<string>;
  /** Messages that wait, by state. */
  deliveries(): Promise<Readonly<Record<string, number>>>;
}

/** Open to loopback, or to whoever shows METRICS_TOKEN as a bearer token (RFC 6750). */
export function metricsRoutes(app: App, config: Pick<Config, 'METRICS_TOKEN'>, sources: MetricSources): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'vigie_' });
  const registers = [registry];
  const requests = new Histogram({
    name: 'vigie_http_request_seconds',
    help: 'Duration of HTTP requests by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const errors = new Counter({
    name: 'vigie_http_errors_total',
    help: 'Answers of 500 and above',
    labelNames: ['route'],
    registers,
  });
  const cameras = new Gauge({
    name: 'vigie_cameras',
    help: 'Connected cameras by state',
    labelNames: ['state'],
    registers,
  });
  const deliveries = new Gauge({
    name: 'vigie_deliveries',
    help: 'Messages by delivery state',
    labelNames: ['state'],
    registers,
  });

  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? '(none)';
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (reply.statusCode >= 500) errors.inc({ route });
  });
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!mayRead(config.METRICS_TOKEN, request.headers.authorization, request.ip))
      throw new ApiError(403, 'metrics-closed', 'Metrics are for loopback, or for METRICS_TOKEN.');
    cameras.reset();
    for (const state of sources.cameraStates()) cameras.inc({ state });
    deliveries.reset();
    for (const [state, count] of Object.entries(await sources.deliveries())) deliveries.set({ state }, count);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

function mayRead(token: string | undefined, authorization: string | undefined, ip: string): boolean {
  if (token === undefined) return loopback.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6');
  const given = Buffer.from(authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
