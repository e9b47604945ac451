/** A `next` from an address enters; a path of this site leaves, never a way to another one. */

/** Where one lands who asked for nothing. */
export const DEFAULT_PATH = '/camera';

/**
 * The path, query and fragment to go on to after signing in.
 * Anything that a browser could read as another site (`//host`, `/\host`, a scheme, control characters) becomes the default.
 */
export function nextPath(next: string | null): string {
  if (next === null || next.length > 2000) return DEFAULT_PATH;
  // Control characters: browsers drop them, and what is left could name another host.
  if (!next.startsWith('/') || /^\/[/\\]|[\\\u0000-\u001f\u007f]/.test(next)) return DEFAULT_PATH;
  return next;
}
