/** Requests of this server's pages enter; pages and programs leave: from the server, or the copy kept here where it is away. */
import { keptName, withinTime } from './kept-pages.ts';

/** Paths of all that the pages are made of; written here by the build. */
declare const __KEPT_FILES__: readonly string[];
/** Changes with any of these files; written here by the build. */
declare const __KEPT_VERSION__: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE_PREFIX = 'vigie-pages-';
const CACHE = CACHE_PREFIX + __KEPT_VERSION__;
const FILES: ReadonlySet<string> = new Set(__KEPT_FILES__);
/** Programs and styles: their names change with their contents. */
const HASHED = '/assets/';
/** A server that has not begun to answer by then is away, ms. */
const ANSWER_MILLIS = 4_000;

worker.addEventListener('install', (event) => {
  event.waitUntil(keepFiles().then(() => worker.skipWaiting()));
});
worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOldVersions());
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  const kept = keptName(url.pathname, FILES);
  // Everything else, all of /api among it, is none of our business.
  if (kept === null && !url.pathname.startsWith(HASHED)) return;
  event.respondWith(kept === null || kept.startsWith(HASHED) ? hashedFile(request) : freshFile(request, kept));
});

/** Keeps this version's files; what an earlier version has under the same name is not loaded again. */
async function keepFiles(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(
    [...FILES].map(async (path) => {
      const known = path.startsWith(HASHED) ? await caches.match(path) : undefined;
      if (known) await cache.put(path, known);
      else await cache.add(new Request(path, { cache: 'no-cache' }));
    }),
  );
}

/** Keeps the version before this one, too: a page that was armed under it may still ask for its parts. */
async function dropOldVersions(): Promise<void> {
  const versions = (await caches.keys()).filter((name) => name.startsWith(CACHE_PREFIX) && name !== CACHE);
  await Promise.all(versions.slice(0, -1).map((name) => caches.delete(name)));
}

async function hashedFile(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** What the server answers (a way to sign in, too); the copy where it does not, or only a proxy before it does. */
async function freshFile(request: Request, kept: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const answer = await withinTime(fetch(request), ANSWER_MILLIS).catch(() => null);
  if (answer !== null && answer.status < 500) return answer;
  return (await cache.match(kept, { ignoreVary: true })) ?? answer ?? Response.error();
}
