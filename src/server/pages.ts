/** A page's path enters; the built page leaves, or the way to sign in where it needs an account. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app-type.ts';

/** Paths of the pages and what they need. `/camera` decides by itself: a paired browser goes on without a session. */
const PAGES: Readonly<Record<string, { readonly file: string; readonly account: boolean }>> = {
  '/': { file: 'index', account: false },
  '/camera': { file: 'camera', account: false },
  '/watch': { file: 'watch', account: true },
  '/events': { file: 'events', account: true },
  '/mailbox': { file: 'mailbox', account: true },
  '/account': { file: 'account', account: true },
  '/privacy': { file: 'privacy', account: false },
  '/trust': { file: 'trust', account: false },
};

/** @param hasAccount whether a request carries a session that lives; one that ages is renewed on the reply. */
export async function pageRoutes(
  app: App,
  webRoot: string,
  hasAccount: (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>,
): Promise<void> {
  await app.register(fastifyStatic, {
    root: webRoot,
    wildcard: false,
    index: false,
    setHeaders(reply, path) {
      const immutable = path.startsWith(join(webRoot, 'assets'));
      reply.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  for (const [path, page] of Object.entries(PAGES)) {
    const html = readFileSync(join(webRoot, `${page.file}.html`), 'utf8');
    const caching = page.account ? 'private, no-cache' : 'no-cache';
    const send = (reply: FastifyReply) =>
      reply.type('text/html; charset=utf-8').header('cache-control', caching).send(html);
    app.get(path, { schema: { hide: true } }, async (request, reply) => {
      if (page.account && !(await hasAccount(request, reply)))
        return reply.redirect(`/?next=${encodeURIComponent(request.url)}`, 302);
      return send(reply);
    });
  }
}
