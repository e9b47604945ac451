/** What the browser throws enters; the reason why there is no camera leaves, one of a few that have words. */

/**
 * `refused` by the person or a policy · `absent`: no camera · `in-use` by another program · `insecure`: no HTTPS ·
 * `unsupported`: the browser cannot · `unplugged`: it was there · `revoked`: permission was taken back · `failed`: none of these.
 */
export type CameraProblem =
  | 'refused'
  | 'absent'
  | 'in-use'
  | 'insecure'
  | 'unsupported'
  | 'unplugged'
  | 'revoked'
  | 'failed';

const BY_NAME: Readonly<Record<string, CameraProblem>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'absent',
  OverconstrainedError: 'absent',
  NotReadableError: 'in-use',
  AbortError: 'in-use',
};

/**
 * @param hadCamera whether this page had the camera before: then a refusal is a permission taken back, an absence a plug pulled
 */
export function problemOf(error: unknown, hadCamera: boolean): CameraProblem {
  const name = error instanceof DOMException || error instanceof Error ? error.name : '';
  const problem = BY_NAME[name] ?? 'failed';
  if (!hadCamera) return problem;
  if (problem === 'refused') return 'revoked';
  return problem === 'absent' ? 'unplugged' : problem;
}

/** What the browser lacks for a camera at all; null: nothing. */
export function lackOf(scope: {
  readonly isSecureContext: boolean;
  readonly mediaDevices: unknown;
  readonly worker: unknown;
  readonly offscreenCanvas: unknown;
  readonly indexedDb: unknown;
}): CameraProblem | null {
  if (!scope.isSecureContext) return 'insecure';
  const able = scope.mediaDevices && scope.worker && scope.offscreenCanvas && scope.indexedDb;
  return able ? null : 'unsupported';
}
