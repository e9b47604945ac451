/** Settings of a mail server enter; nodemailer's options for one connection leave. */
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { SmtpSettings } from '../../shared/settings.ts';
import { isLoopback } from '../loopback.ts';

/** To reach the server and hear its greeting, milliseconds. */
const CONNECT_MILLIS = 12_000;
/** Of silence, milliseconds: RFC 5321 § 4.5.3.2 wants minutes, above all after the final dot. */
const SILENCE_MILLIS = 300_000;

export function connectionOptions(settings: SmtpSettings): SMTPConnectionOptions {
  return {
    host: settings.host,
    port: settings.port,
    connectionTimeout: CONNECT_MILLIS,
    greetingTimeout: CONNECT_MILLIS,
    dnsTimeout: CONNECT_MILLIS,
    socketTimeout: SILENCE_MILLIS,
    allowInternalNetworkInterfaces: isLoopback(settings.host),
    logger: false,
    ...protection(settings),
  };
}

function protection(settings: SmtpSettings): SMTPConnectionOptions {
  switch (settings.security) {
    case 'tls':
      return { secure: true };
    case 'starttls':
      return { secure: false, requireTLS: true };
    case 'auto':
      // Who could stand in between could also take STARTTLS out of the offer, so the name proves nothing here.
      return { secure: false, opportunisticTLS: true, tls: { rejectUnauthorized: false } };
    case 'none':
      return { secure: false, ignoreTLS: true };
    default:
      return settings.security satisfies never;
  }
}
