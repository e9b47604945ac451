/** An address that leads nowhere enters; a small page for people leaves, in both languages, since nobody knows which is theirs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyRequest } from 'fastify';

/** The lightest built page, whose head names the style that all have in common. */
const BUILT_PAGE = join(import.meta.dirname, '../../dist/web/privacy.html');
let page: string | null = null;

/** The page; it looks like the others where they are built. */
export function notFoundPage(): string {
  page ??= pageWith(sharedStyle());
  return page;
}

function sharedStyle(): string {
  try {
    const [, href] =
      /<link rel="stylesheet"[^>]* href="(\/assets\/mount-[\w-]+\.css)">/.exec(readFileSync(BUILT_PAGE, 'utf8')) ?? [];
    return href === undefined ? '' : `\n    <link rel="stylesheet" href="${href}">`;
  } catch {
    return '';
  }
}

const pageWith = (style: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="dark light">
    <link rel="icon" href="/icon.svg" type="image/svg+xml">${style}
    <title>Page not found · Page introuvable – Vigie</title>
  </head>
  <body>
    <main class="shell-main">
      <h1>There is no page at this address</h1>
      <p><a href="/">Go to the first page of Vigie</a></p>
      <section lang="fr">
        <h2>Il n’y a pas de page à cette adresse</h2>
        <p><a href="/">Aller à la première page de Vigie</a></p>
      </section>
    </main>
  </body>
</html>
`;

/** Whether a browser shows the answer to somebody; what asks for data is told in JSON. */
export function wantsPage({ method, url, headers }: Pick<FastifyRequest, 'method' | 'url' | 'headers'>): boolean {
  const reads = method === 'GET' || method === 'HEAD';
  return reads && !url.startsWith('/api/') && (headers.accept ?? '').includes('text/html');
}
