/** What happens on this server enters; Prometheus text leaves at `GET /metrics`: rates, errors, durations, nothing personal. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import { ApiError, refusals } from '../ports/errors.ts';
import type { App } from './app-type.ts';
import type { Config } from './config.ts';
import { isLoopbackAddress } from './proxy-warning.ts';

/** What the gauges read when they are asked. */
export interface MetricSources {
  /** Cameras by their state. */
  cameraStates(): Iterable<string>;
  /** Messages that wait, by state. */
  deliveries(): Promise<Readonly<Record<string, number>>>;
}

/** Open to loopback that no proxy speaks for, or to whoever shows METRICS_TOKEN as a bearer token (RFC 6750). */
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
  const schema = {
    tags: ['server'],
    description: 'Prometheus text, for this machine or with METRICS_TOKEN.',
    security: [{}, { metrics: [] }] as Record<string, string[]>[],
    response: {
      200: { description: 'Prometheus text', content: { 'text/plain': { schema: z.string() } } },
      ...refusals(403),
    },
  };
  app.get('/metrics', { schema }, async (request, reply) => {
    if (!mayRead(config.METRICS_TOKEN, request))
      throw new ApiError(403, 'metrics-closed', 'Metrics are for loopback, or for METRICS_TOKEN.');
    cameras.reset();
    for (const state of sources.cameraStates()) cameras.inc({ state });
    deliveries.reset();
    for (const [state, count] of Object.entries(await sources.deliveries())) deliveries.set({ state }, count);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** Fields that a proxy writes: behind one that is not trusted, everybody seems to be loopback. */
const PROXY_FIELDS = ['x-forwarded-for', 'forwarded', 'via'];

function mayRead(token: string | undefined, { headers, ip }: FastifyRequest): boolean {
  if (token === undefined) return isLoopbackAddress(ip) && PROXY_FIELDS.every((field) => headers[field] === undefined);
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
