/** The page's address enters; what somebody came for leaves: a link of ours to use, and where to go on to. */
import { nextPath } from '../../accounts/shared/next-path.ts';

const LINKS = ['reset', 'link', 'invite'] as const;

export interface Arrival {
  /** A one-time link from a mail or from the server's command line; null: none. */
  readonly link: { readonly kind: (typeof LINKS)[number]; readonly token: string } | null;
  /** Where to go on to after signing in; always of this site. */
  readonly next: string;
  /** Whether somebody was sent here from a page that needs an account. */
  readonly asked: boolean;
}

/**
 * Reads `/?next=/events#…` and `/#reset=TOKEN`.
 * A browser carries the fragment of `/events#camera.event` over the redirect to here: it belongs to `next`.
 */
export function readArrival(search: string, hash: string): Arrival {
  const asked = new URLSearchParams(search).get('next');
  for (const kind of LINKS) {
    const token = new RegExp(`^#${kind}=([A-Za-z0-9_-]{43})$`).exec(hash)?.[1];
    if (token !== undefined) return { link: { kind, token }, next: nextPath(asked), asked: asked !== null };
  }
  const next = nextPath(asked);
  return {
    link: null,
    next: asked !== null && !next.includes('#') ? nextPath(next + hash) : next,
    asked: asked !== null,
  };
}
