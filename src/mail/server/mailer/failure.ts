/** An error of the SMTP connection enters; what it means for the message and for those behind it leaves. */
import type { NodemailerError } from 'nodemailer/lib/errors.js';
import type { FailureCode } from '../../shared/settings.ts';

export interface Failure {
  readonly code: FailureCode;
  /** Nobody should try this message again. */
  readonly permanent: boolean;
  /** `server`: the next message would hear the same. */
  readonly scope: 'message' | 'server';
  /** The server's words, or the system's code. */
  readonly said: string;
}

/** OpenSSL's and Node's names for a certificate or handshake that is not acceptable. */
const TLS_ERROR =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_OSSL|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/;
/** Replies that ask for a sign-in or for encryption first (RFC 4954 § 6, RFC 3207 § 4). */
const WANTS_SIGN_IN = [530, 534, 535, 538];

export function failureOf(error: NodemailerError): Failure {
  // The system's own sentences name hosts and ports, which are none of the recipient's business; its codes do not.
  const said = error.response || error.originalCode || error.message;
  const reply = error.responseCode ?? 0;
  const server = (code: FailureCode): Failure => ({ code, permanent: false, scope: 'server', said });
  if (error.code === 'ETLS' || TLS_ERROR.test(String(error.originalCode ?? ''))) return server('tls');
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH' || WANTS_SIGN_IN.includes(reply)) return server('credentials');
  if (error.code === 'ETIMEDOUT') return server('timeout');
  if (reply === 421 || (error.code !== 'EENVELOPE' && error.code !== 'EMESSAGE')) return server('unreachable');
  const permanent = reply === 0 || (reply >= 500 && reply !== 503);
  // 552 and 452 are about this message's size; any other refusal of the sender is about us.
  if (error.command === 'MAIL FROM' && permanent && reply !== 552 && reply !== 0) return server('sender');
  return { code: error.command === 'RCPT TO' ? 'recipient' : 'message', permanent, scope: 'message', said };
}
