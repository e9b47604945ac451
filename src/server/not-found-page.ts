/** An address that leads nowhere enters; a small page for people leaves, in both languages, since nobody knows which is theirs. */
import type { FastifyRequest } from 'fastify';

export const NOT_FOUND_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Page not found · Page introuvable – Vigie</title>
  </head>
  <body>
    <main>
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
