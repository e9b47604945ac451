/** Configuration enters; an HTTP application leaves that checks, describes and answers: errors with a code, nothing personal in its log. */
import fastifySwagger from '@fastify/swagger';
import Fastify, {
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ApiError, RetryLater } from '../ports/errors.ts';
import type { App } from './app-type.ts';
import type { Config } from './config.ts';
import { notFoundPage, wantsPage } from './not-found-page.ts';
import { describeRoute, SECURITY_SCHEMES } from './openapi.ts';
import { warnOfUntrustedProxy } from './proxy-warning.ts';
import { securityHeaders } from './security-headers.ts';

/** JSON bodies, bytes; uploads set their own bound. */
const JSON_BODY_BYTES_MAX = 128 * 1024;

/** Our own errors by what Fastify calls them: status, code, sentence. */
const FRAMEWORK_ERRORS: Readonly<Record<string, readonly [number, string, string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'json-malformed', 'The body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'json-malformed', 'The body is empty where JSON was expected.'],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'too-large', 'The body is larger than this route accepts.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'media-type-unsupported', 'This route does not take a body of that type.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'cut-off', 'The body is not as long as announced.'],
};

/** Makes the application with its error answers, headers and OpenAPI document; routes come from the features. */
export async function createApp(config: Config, logger: FastifyServerOptions['logger']): Promise<App> {
  const headers = securityHeaders(config);
  const app = Fastify({
    ...(logger === undefined ? {} : { logger }),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.TRUSTED_PROXIES ?? false,
    bodyLimit: JSON_BODY_BYTES_MAX,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    // An address that no route can be looked up for passes no hook.
    frameworkErrors: (_error, request, reply) => {
      reply.headers(headers);
      notFound(request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
  warnOfUntrustedProxy(app);
  app.addHook('onResponse', async (request, reply) => {
    request.log.debug({
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
  app.setErrorHandler((error, request, reply) => {
    const answer = answerTo(error as FastifyError);
    if (answer.status >= 500) request.log.error({ route: request.routeOptions.url, err: error }, 'a request failed');
    if (error instanceof RetryLater) reply.header('retry-after', error.retryAfterSeconds);
    return reply.code(answer.status).header('cache-control', 'no-store').send({ error: answer.error });
  });
  app.setNotFoundHandler(notFound);
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Vigie',
        version: '1',
        description: 'Cameras, events, recordings, live view and accounts of a Vigie server.',
      },
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    transform: describeRoute,
  });
  app.get(
    '/api/openapi.json',
    { schema: { tags: ['server'], description: 'This document.', response: { 200: z.looseObject({}) } } },
    async () => app.swagger() as unknown as Record<string, unknown>,
  );
  app.get(
    '/healthz',
    {
      schema: {
        tags: ['server'],
        description: 'The process lives.',
        response: { 200: z.object({ alive: z.literal(true) }) },
      },
    },
    async () => ({ alive: true as const }),
  );
  return app;
}

function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.code(404).header('cache-control', 'no-store');
  if (wantsPage(request)) return reply.type('text/html; charset=utf-8').send(notFoundPage());
  return reply.send({ error: { code: 'not-found', message: 'There is nothing at this address.' } });
}

interface Answer {
  readonly status: number;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly fields?: Readonly<Record<string, string>>;
  };
}

/** What a person or program is told of an error; anything unforeseen says nothing of its cause. */
function answerTo(error: FastifyError): Answer {
  if (error instanceof ApiError) return { status: error.status, ...error.toBody() };
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = Object.fromEntries(
      error.validation.map((issue) => [
        issue.instancePath.slice(1).replaceAll('/', '.') || '(all)',
        issue.message ?? 'not accepted',
      ]),
    );
    return { status: 400, error: { code: 'invalid', message: 'Some values are not accepted.', fields } };
  }
  const known = FRAMEWORK_ERRORS[error.code];
  if (known) return { status: known[0], error: { code: known[1], message: known[2] } };
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return { status: error.statusCode, error: { code: 'bad-request', message: error.message } };
  return {
    status: 500,
    error: { code: 'internal', message: 'Something went wrong here. Nothing was lost; try again.' },
  };
}
