/** Nothing enters; the mail servers of common providers leave, as each publishes them for mail programs. */
import type { SmtpSecurity } from './smtp-settings.ts';

/** What the person needs beside address and password. */
export type PresetHint =
  /** A password made for this program, in the provider's security settings; the usual one is refused. */
  | 'app-password'
  /** The usual password of the mailbox. */
  | 'password'
  /** The provider takes no password from programs any more in most accounts. */
  | 'restricted'
  /** A bridge on this machine, which shows its own password. */
  | 'bridge'
  /** SMTP has to be allowed first in the provider's webmail. */
  | 'allow-first';

export interface Preset {
  /** Stable name. */
  readonly id: string;
  /** As people know it. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly security: SmtpSecurity;
  /** Whether the user name is the whole address. */
  readonly userIsAddress: boolean;
  readonly hint: PresetHint;
}

function preset(id: string, name: string, host: string, port: number, security: SmtpSecurity, hint: PresetHint, userIsAddress = true): Preset {
  return { id, name, host, port, security, userIsAddress, hint };
}

export const PRESETS: readonly Preset[] = [
  preset('gmail', 'Gmail', 'smtp.gmail.com', 465, 'tls', 'app-password'),
  preset('outlook', 'Outlook.com, Hotmail', 'smtp-mail.outlook.com', 587, 'starttls', 'restricted'),
  preset('microsoft365', 'Microsoft 365', 'smtp.office365.com', 587, 'starttls', 'restricted'),
  preset('yahoo', 'Yahoo', 'smtp.mail.yahoo.com', 465, 'tls', 'app-password'),
  preset('icloud', 'iCloud', 'smtp.mail.me.com', 587, 'starttls', 'app-password'),
  preset('orange', 'Orange', 'smtp.orange.fr', 465, 'tls', 'allow-first'),
  preset('free', 'Free', 'smtp.free.fr', 465, 'tls', 'allow-first', false),
  preset('sfr', 'SFR', 'smtp.sfr.fr', 465, 'tls', 'password'),
  preset('laposte', 'La Poste', 'smtp.laposte.net', 465, 'tls', 'allow-first'),
  preset('ovh', 'OVHcloud', 'ssl0.ovh.net', 465, 'tls', 'password'),
  preset('gandi', 'Gandi', 'mail.gandi.net', 465, 'tls', 'password'),
  preset('infomaniak', 'Infomaniak', 'mail.infomaniak.com', 465, 'tls', 'app-password'),
  preset('fastmail', 'Fastmail', 'smtp.fastmail.com', 465, 'tls', 'app-password'),
  preset('proton', 'Proton Mail Bridge', '127.0.0.1', 1025, 'auto', 'bridge'),
];
