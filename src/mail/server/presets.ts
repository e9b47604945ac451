/** Nothing enters; the mail servers of common providers leave, as each publishes them for mail programs. */
import type { Preset, PresetHint, SmtpSecurity } from '../shared/settings.ts';

function preset(
  id: string,
  name: string,
  host: string,
  port: number,
  security: SmtpSecurity,
  hint: PresetHint,
): Preset {
  return { id, name, host, port, security, hint };
}

export const PRESETS: readonly Preset[] = [
  preset('gmail', 'Gmail', 'smtp.gmail.com', 465, 'tls', 'app-password'),
  preset('outlook', 'Outlook.com, Hotmail', 'smtp-mail.outlook.com', 587, 'starttls', 'restricted'),
  preset('microsoft365', 'Microsoft 365', 'smtp.office365.com', 587, 'starttls', 'restricted'),
  preset('yahoo', 'Yahoo', 'smtp.mail.yahoo.com', 465, 'tls', 'app-password'),
  preset('icloud', 'iCloud', 'smtp.mail.me.com', 587, 'starttls', 'app-password'),
  preset('orange', 'Orange', 'smtp.orange.fr', 465, 'tls', 'allow-first'),
  preset('free', 'Free', 'smtp.free.fr', 465, 'tls', 'password'),
  preset('sfr', 'SFR', 'smtp.sfr.fr', 465, 'tls', 'password'),
  preset('laposte', 'La Poste', 'smtp.laposte.net', 465, 'tls', 'allow-first'),
  preset('ovh', 'OVHcloud', 'ssl0.ovh.net', 465, 'tls', 'password'),
  preset('gandi', 'Gandi', 'mail.gandi.net', 465, 'tls', 'password'),
  preset('infomaniak', 'Infomaniak', 'mail.infomaniak.com', 465, 'tls', 'app-password'),
  preset('fastmail', 'Fastmail', 'smtp.fastmail.com', 465, 'tls', 'app-password'),
  preset('proton', 'Proton Mail Bridge', '127.0.0.1', 1025, 'auto', 'bridge'),
];
