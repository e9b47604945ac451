/** An error of whatever kind enters; one sentence in the person's language leaves. */
import { m } from '../../messages/generated/messages.js';
import { ApiFailure } from './api.ts';

type Sentence = (failure: ApiFailure) => string;

const sentences = new Map<string, Sentence>([
  ['network', () => m.shell_error_network()],
  ['internal', () => m.shell_error_internal()],
  ['invalid', () => m.shell_error_invalid()],
  ['json-malformed', () => m.shell_error_invalid()],
  ['not-signed-in', () => m.shell_error_not_signed_in()],
  ['forbidden', () => m.shell_error_forbidden()],
  ['not-found', () => m.shell_error_not_found()],
  ['origin-refused', () => m.shell_error_origin()],
  ['too-large', () => m.shell_error_too_large()],
  ['busy', () => m.shell_error_busy()],
]);

/** Adds a feature's own codes: `addSentences({ 'camera-unknown': () => m.cameras_error_unknown() })`. */
export function addSentences(own: Readonly<Record<string, Sentence>>): void {
  for (const [code, sentence] of Object.entries(own)) sentences.set(code, sentence);
}

/** What to tell the person about an error that was caught. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiFailure))
    return m.shell_error_unknown({ code: error instanceof Error ? error.name : 'error' });
  return sentences.get(error.code)?.(error) ?? m.shell_error_unknown({ code: error.code });
}
