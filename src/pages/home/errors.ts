/** The accounts' error codes enter the pages' table of sentences. */
import { m } from '../../messages/generated/messages.js';
import { addSentences } from '../shell/sentences.ts';

addSentences({
  'wrong-credentials': () => m.accounts_error_credentials(),
  'too-many-tries': ({ retryAfterSeconds }) => {
    const minutes = Math.ceil((retryAfterSeconds ?? 60) / 60);
    return minutes > 1 ? m.accounts_error_tries_minutes({ minutes }) : m.accounts_error_tries_soon();
  },
  'address-taken': () => m.accounts_error_taken(),
  'code-wrong': () => m.accounts_error_code(),
  'code-expired': () => m.accounts_error_code_expired(),
  'link-invalid': () => m.accounts_error_link(),
  'invite-needed': () => m.accounts_error_invite(),
  'registration-closed': () => m.accounts_error_closed(),
  'wrong-password': () => m.accounts_error_password(),
  'wrong-address': () => m.accounts_error_address(),
});
