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

/** What a browser offers of all that a camera needs. */
export interface CameraOffers {
  readonly isSecureContext: boolean;
  readonly mediaDevices: boolean;
  readonly moduleWorker: boolean;
  readonly offscreenCanvas: boolean;
  readonly indexedDb: boolean;
  readonly locks: boolean;
}

/** What this window offers. */
export function offersOf(scope: Window & typeof globalThis): CameraOffers {
  return {
    isSecureContext: scope.isSecureContext,
    mediaDevices: typeof scope.navigator.mediaDevices?.getUserMedia === 'function',
    moduleWorker: hasModuleWorker(scope),
    offscreenCanvas: 'OffscreenCanvas' in scope,
    indexedDb: 'indexedDB' in scope,
    locks: 'locks' in scope.navigator,
  };
}

/** What the browser lacks for a camera at all; null: nothing. Browsers hide camera and locks from pages that are not secure. */
export function lackOf(offers: CameraOffers): 'insecure' | 'unsupported' | null {
  if (!offers.moduleWorker || !offers.offscreenCanvas || !offers.indexedDb) return 'unsupported';
  if (!offers.isSecureContext) return 'insecure';
  return offers.mediaDevices && offers.locks ? null : 'unsupported';
}

/** A browser that knows module workers reads which type is wanted, before it finds that the address is none. */
function hasModuleWorker(scope: Window & typeof globalThis): boolean {
  if (!('Worker' in scope)) return false;
  let known = false;
  const options: WorkerOptions = {
    get type() {
      known = true;
      return 'module' as const;
    },
  };
  try {
    new scope.Worker('https://[', options).terminate();
  } catch {
    // As expected: nothing is loaded.
  }
  return known;
}
